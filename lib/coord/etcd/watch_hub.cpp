#include "coord/etcd/watch_hub.hpp"

#include <fmt/format.h>

#include "coord/etcd/convert.hpp"
#include "coord/etcd/error.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/etcd/transport.hpp"
#include "etcdserverpb/watch.grpc.pb.h"

namespace coord::etcd {

using namespace std::chrono_literals;

class WatchStream {
 public:
  WatchStream(const std::shared_ptr<grpc::Channel>& channel, const std::stop_token& stop)
      : stub_(channel), cancel_(stop, Cancel{this}) {}

  Result<> open(Transport& transport, const Context& ctx) {
    COORD_TRY(transport.prepare(context_, ctx, true));
    stream_ = stub_.Watch(&context_);
    return {};
  }
  bool write(const etcdserverpb::WatchRequest& request) { return stream_->Write(request); }
  bool read(etcdserverpb::WatchResponse& reply) { return stream_->Read(&reply); }
  void cancel() { context_.TryCancel(); }
  grpc::Status finish() { return stream_->Finish(); }

 private:
  struct Cancel {
    WatchStream* stream;
    void operator()() const { stream->cancel(); }
  };

  etcdserverpb::Watch::Stub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<etcdserverpb::WatchRequest, etcdserverpb::WatchResponse>>
      stream_;
  std::stop_callback<Cancel> cancel_;  // from before open(), which may block
};

WatchHub::WatchHub(Transport& transport, std::string prefix)
    : transport_(transport), prefix_(std::move(prefix)) {}

WatchHub::~WatchHub() = default;  // the reader stops first: it is the last member

std::int64_t WatchHub::add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request) {
  std::int64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = ++last_id_;
    Entry& entry = entries_[id];
    entry.request = request;
    entry.next_revision = request.start_revision;
    entry.queue = std::move(queue);
    if (!reader_.joinable())
      reader_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  added_.notify_one();
  const std::lock_guard lock(write_mutex_);
  ask(id);
  return id;
}

void WatchHub::remove(std::int64_t id) {
  const std::lock_guard write_lock(write_mutex_);
  std::int64_t wire = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    if (found->second.stream == generation_) wire = found->second.wire;
    on_wire_.erase(wire);
    entries_.erase(found);
  }
  cancel(wire);
}

void WatchHub::resume(const WatchQueue* queue) {
  const std::lock_guard write_lock(write_mutex_);
  std::vector<std::pair<std::int64_t, std::int64_t>> paused;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
      if (entry.queue.get() != queue || !std::exchange(entry.paused, false)) continue;
      paused.emplace_back(id, std::exchange(entry.stream, 0) == generation_ ? entry.wire : 0);
      on_wire_.erase(paused.back().second);
    }
  }
  for (const auto& [id, wire] : paused) {
    cancel(wire);
    ask(id);
  }
}

void WatchHub::request_progress() {
  const std::lock_guard lock(write_mutex_);
  if (stream_ == nullptr) return;
  etcdserverpb::WatchRequest request;
  (void)request.mutable_progress_request();
  stream_->write(request);
}

// The write lock is held, and the table no longer knows this id. 0: it stands on no stream.
void WatchHub::cancel(std::int64_t wire) {
  if (stream_ == nullptr || wire == 0) return;
  etcdserverpb::WatchRequest request;
  request.mutable_cancel_request()->set_watch_id(wire);
  stream_->write(request);
}

// The write lock is held.
void WatchHub::ask(std::int64_t id) {
  if (stream_ == nullptr) return;
  etcdserverpb::WatchRequest request;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    if (entry.stream == generation_ || entry.paused) return;
    entry.stream = generation_;
    entry.wire = ++last_wire_;
    on_wire_[entry.wire] = id;
    WatchRequest resumed = entry.request;
    resumed.start_revision = entry.next_revision;
    *request.mutable_create_request() = to_proto(prefix_, resumed);
    request.mutable_create_request()->set_watch_id(entry.wire);
    unanswered_.push_back(id);
  }
  stream_->write(request);  // a failure shows as the end of the stream
}

void WatchHub::ask_for_all() {
  std::vector<std::int64_t> ids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) ids.push_back(id);
  }
  for (const std::int64_t id : ids) ask(id);
}

void WatchHub::run(const std::stop_token& stop) {
  const Context ctx(stop);
  for (;;) {
    wait_for_a_watch(stop);
    if (stop.stop_requested()) return;
    const BootTime start = BootClock::now();
    const auto ended = serve(stop);
    if (stop.stop_requested()) return;
    if (std::exchange(logs_in_, false)) continue;  // nothing is missed, and nobody need know
    if (!ended && ended.error().code == Code::denied) {
      end_all(ended.error());  // the login is refused, and would be again
      ctx.sleep(1s);
    } else {
      interrupt(ended ? Error{Code::unavailable, "watch: the server closed the stream", ""}
                      : ended.error());
    }
    if (BootClock::now() - start < 1s) ctx.sleep(100ms);
  }
}

void WatchHub::wait_for_a_watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  added_.wait(lock, stop, [this] { return !entries_.empty(); });
}

Result<> WatchHub::serve(const std::stop_token& stop) {
  COORD_TRY_INTO(const Transport::Line line, transport_.pick(Context(stop)));
  const auto stream = std::make_shared<WatchStream>(line.channel, stop);
  COORD_TRY(stream->open(transport_, Context(stop)));
  {
    const std::lock_guard lock(write_mutex_);
    stream_ = stream;
    ++generation_;
    {
      const std::lock_guard table(mutex_);
      unanswered_.clear();
      on_wire_.clear();
      for (auto& [id, entry] : entries_) entry.fragments.clear();
    }
    ask_for_all();
  }
  etcdserverpb::WatchResponse reply;
  while (stream->read(reply) && dispatch(reply)) {
  }
  stream->cancel();  // first: somebody may be stuck writing, with the lock
  {
    const std::lock_guard lock(write_mutex_);
    stream_ = nullptr;
  }
  grpc::Status status = stream->finish();
  if (const auto reason = std::exchange(given_up_, std::nullopt)) {  // by us: it knows of no reason
    status = grpc::Status(grpc::StatusCode::UNAVAILABLE, *reason);
  } else if (status.error_code() == grpc::StatusCode::CANCELLED && !stop.stop_requested()) {
    // Of a connection that broke our own cancel() may be all that the stream has heard.
    status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the connection has broken");
  }
  transport_.demote(line.index);
  if (is_bad_token(status)) {
    transport_.drop_token();
    status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the login has expired");
  }
  return status.ok() ? Result<>{} : std::unexpected(to_error(status, "watch", line.endpoint));
}

// Replies are made under the table's lock and pushed after it. Only the reader thread pushes, so
// the order stays, and where there was room there still is.
void WatchHub::interrupt(const Error& error) {
  std::vector<Outgoing> all;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
      if (std::exchange(entry.interrupted, true)) continue;
      all.push_back(
          {entry.queue, {.kind = WatchReply::Kind::interrupted, .id = id, .error = error}});
    }
  }
  for (Outgoing& one : all) one.queue->push(std::move(one.reply));
}

void WatchHub::end_all(const Error& error) {
  std::vector<Outgoing> all;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
      WatchReply last{.kind = WatchReply::Kind::cancelled, .id = id, .error = error};
      last.next_revision = entry.next_revision;
      all.push_back({entry.queue, std::move(last)});
    }
    entries_.clear();
    on_wire_.clear();
  }
  for (Outgoing& one : all) one.queue->push(std::move(one.reply));
}

// What was asked for is about the stream as a whole.
void WatchHub::tell_progress(const etcdserverpb::WatchResponse& reply) {
  std::vector<Outgoing> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [wire, id] : on_wire_) {
      const auto found = entries_.find(id);
      if (found == entries_.end() || found->second.paused) continue;
      all.push_back(
          {found->second.queue,
           {.kind = WatchReply::Kind::progress, .id = id, .header = from_proto(reply.header())}});
    }
  }
  for (Outgoing& one : all) one.queue->push(std::move(one.reply));
}

bool WatchHub::dispatch(const etcdserverpb::WatchResponse& reply) {
  constexpr std::int64_t kWholeStream = -1;
  if (reply.watch_id() == kWholeStream && !reply.created() && !reply.canceled()) {
    tell_progress(reply);
    return true;
  }
  std::optional<Outgoing> outgoing;
  bool go_on = true;
  {
    const std::lock_guard lock(mutex_);
    std::int64_t id = 0;
    Entry* const entry = find(id, reply);
    if (entry == nullptr) return true;
    if (reply.canceled()) {
      go_on = on_cancelled(id, *entry, reply, outgoing);
    } else {
      outgoing = reply.created() ? on_created(id, *entry, reply) : on_events(id, *entry, reply);
    }
  }
  if (outgoing) outgoing->queue->push(std::move(outgoing->reply));
  return go_on;
}

// Whom a reply is for, if anybody still wants it.
WatchHub::Entry* WatchHub::find(std::int64_t& id, const etcdserverpb::WatchResponse& reply) {
  // Creations are answered in the order in which they were asked for; a refused one may not carry
  // its id.
  if (reply.created() && !unanswered_.empty()) {
    id = unanswered_.front();
    unanswered_.pop_front();
  } else {
    const auto asked = on_wire_.find(reply.watch_id());
    if (asked == on_wire_.end()) return nullptr;
    id = asked->second;
  }
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  // What ends a paused watch ends it again when it has been asked for anew, behind its last event.
  return found->second.paused && !reply.created() ? nullptr : &found->second;
}

std::optional<WatchHub::Outgoing> WatchHub::on_created(std::int64_t id, Entry& entry,
                                                       const etcdserverpb::WatchResponse& reply) {
  const bool interrupted = std::exchange(entry.interrupted, false);
  entry.retried = false;
  const bool again = std::exchange(entry.created, true);
  if (again && !interrupted) return std::nullopt;  // it was paused, which is nobody's business
  if (entry.next_revision == 0) entry.next_revision = reply.header().revision() + 1;
  const auto kind = again ? WatchReply::Kind::resumed : WatchReply::Kind::created;
  return Outgoing{entry.queue, {.kind = kind, .id = id, .header = from_proto(reply.header())}};
}

// Whether this stream may go on.
bool WatchHub::on_cancelled(std::int64_t id, Entry& entry, const etcdserverpb::WatchResponse& reply,
                            std::optional<Outgoing>& outgoing) {
  const grpc::Status status(grpc::StatusCode::CANCELLED, reply.cancel_reason());
  const bool denied = reply.cancel_reason().find("permission denied") != std::string::npos;
  // An expired token looks like a missing permission to older servers: try once more with a new
  // one.
  if ((denied || is_bad_token(status)) && !std::exchange(entry.retried, true)) {
    transport_.drop_token();
    logs_in_ = true;
    return false;
  }
  if (is_no_leader(grpc::Status(grpc::StatusCode::UNAVAILABLE, reply.cancel_reason()))) {
    given_up_ = reply.cancel_reason();
    return false;
  }
  WatchReply last{
      .kind = WatchReply::Kind::cancelled, .id = id, .header = from_proto(reply.header())};
  last.compact_revision = reply.compact_revision();
  last.next_revision = entry.next_revision;
  last.error = naming_keys(to_error(status, "watch", ""), prefix_, entry.request);
  if (last.compact_revision > 0) {  // servers give the revision, but no words
    last.kind = WatchReply::Kind::compacted;
    last.error.code = Code::compacted;
    last.error.message = fmt::format("watch: compacted up to revision {}", last.compact_revision);
  } else if (reply.cancel_reason().empty()) {
    last.error.message = "watch: the server has ended it and gives no reason";
  }
  on_wire_.erase(entry.wire);
  outgoing = Outgoing{entry.queue, std::move(last)};
  entries_.erase(id);
  return true;
}

std::optional<WatchHub::Outgoing> WatchHub::on_events(std::int64_t id, Entry& entry,
                                                      const etcdserverpb::WatchResponse& reply) {
  if (!entry.queue->has_room()) {
    entry.paused = true;
    entry.fragments.clear();
    return std::nullopt;
  }
  for (const auto& event : reply.events()) {
    // Servers before 3.4.24 and 3.5.8 may send an event twice after a reconnect.
    if (event.kv().mod_revision() >= entry.next_revision)
      entry.fragments.push_back(from_proto(prefix_, event));
  }
  if (reply.fragment()) return std::nullopt;
  WatchReply whole{
      .id = id, .header = from_proto(reply.header()), .events = std::exchange(entry.fragments, {})};
  if (reply.events_size() == 0) {
    whole.kind = WatchReply::Kind::progress;
    entry.next_revision = std::max(entry.next_revision, reply.header().revision() + 1);
  } else if (whole.events.empty()) {
    return std::nullopt;
  } else {
    entry.next_revision = whole.events.back().kv.mod_revision + 1;
  }
  return Outgoing{entry.queue, std::move(whole)};
}

}  // namespace coord::etcd
