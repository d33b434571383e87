// The reader thread of watch_hub.hpp: the life of the stream, and what comes on it.
#include <utility>

#include "coord/etcd/error.hpp"
#include "coord/etcd/transport.hpp"
#include "coord/etcd/watch_hub.hpp"
#include "coord/etcd/watch_stream.hpp"

namespace coord::etcd {

using namespace std::chrono_literals;

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
      // The login is refused, and would be again.
      tell([&] { return table_.end_all(ended.error()); });
      ctx.sleep(1s);
    } else {
      const Error error = ended
                              ? Error{Code::unavailable, "watch: the server closed the stream", ""}
                              : ended.error();
      tell([&] { return table_.interrupt(error); });
    }
    if (BootClock::now() - start < 1s) ctx.sleep(100ms);
  }
}

void WatchHub::wait_for_a_watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  added_.wait(lock, stop, [this] { return !table_.empty(); });
}

Result<> WatchHub::serve(const std::stop_token& stop) {
  COORD_TRY_INTO(const Transport::Line line, transport_.pick(Context(stop)));
  const auto stream = std::make_shared<WatchStream>(line.channel, stop);
  COORD_TRY(stream->open(transport_, Context(stop)));
  begin(stream);
  etcdserverpb::WatchResponse reply;
  while (stream->read(reply) && dispatch(reply)) {
  }
  stream->cancel();  // first: somebody may be stuck writing, with the lock
  {
    const std::lock_guard lock(write_mutex_);
    stream_ = nullptr;
  }
  grpc::Status status = why_ended(stream->finish(), stop);
  transport_.demote(line.index);
  if (is_bad_token(status)) {
    transport_.drop_token();
    status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the login has expired");
  }
  return status.ok() ? Result<>{} : std::unexpected(to_error(status, "watch", line.endpoint));
}

// STATUS is the stream's own word.
grpc::Status WatchHub::why_ended(const grpc::Status& status, const std::stop_token& stop) {
  if (const auto reason = std::exchange(given_up_, std::nullopt))  // by us: it knows of no reason
    return {grpc::StatusCode::UNAVAILABLE, *reason};
  // Of a connection that broke our own cancel() may be all that the stream has heard.
  if (status.error_code() == grpc::StatusCode::CANCELLED && !stop.stop_requested())
    return {grpc::StatusCode::UNAVAILABLE, "the connection has broken"};
  return status;
}

// Replies are made under the table's lock and pushed after it. Only the reader thread pushes, so
// the order stays, and where there was room there still is.
void WatchHub::tell(const std::function<std::vector<WatchTable::Outgoing>()>& make) {
  std::vector<WatchTable::Outgoing> all;
  {
    const std::lock_guard lock(mutex_);
    all = make();
  }
  for (WatchTable::Outgoing& one : all) one.queue->push(std::move(one.reply));
}

bool WatchHub::dispatch(const etcdserverpb::WatchResponse& reply) {
  constexpr std::int64_t kWholeStream = -1;
  if (reply.watch_id() == kWholeStream && !reply.created() && !reply.canceled()) {
    tell([&] { return table_.progress(reply); });
    return true;
  }
  WatchTable::Heard heard;
  {
    const std::lock_guard lock(mutex_);
    heard = table_.hear(reply);
    if (heard.stream == WatchTable::Stream::needs_login) {
      transport_.drop_token();
      logs_in_ = true;
    } else if (heard.stream == WatchTable::Stream::no_leader) {
      given_up_ = reply.cancel_reason();
    }
  }
  if (heard.outgoing) heard.outgoing->queue->push(std::move(heard.outgoing->reply));
  return heard.stream == WatchTable::Stream::goes_on;
}

}  // namespace coord::etcd
