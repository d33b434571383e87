#include "fake/watch_service.hpp"

#include <algorithm>

#include "fake/stream.hpp"

namespace coord::fake {
namespace {

using etcdserverpb::WatchCreateRequest;
using etcdserverpb::WatchRequest;
using etcdserverpb::WatchResponse;

struct OneWatch {
  WatchCreateRequest request;
  Span span;
  std::int64_t next = 0;  // the first revision that it has not been told of
};

Span span_of(const WatchCreateRequest& request) {
  return {request.key().empty() ? std::string(1, '\0') : request.key(), request.range_end()};
}

// A watch that its user may not have is refused alone, with the text of a Go error; all else ends
// the stream.
const char* code_of_refused_watch(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAUTHENTICATED:
      return "Unauthenticated";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "PermissionDenied";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "InvalidArgument";
    default:
      return nullptr;
  }
}

class WatchStream final : public Stream<WatchRequest, WatchResponse> {
 public:
  WatchStream(Gate& gate, const grpc::CallbackServerContext& context)
      : Stream(gate, context, "Watch"), told_progress_(gate.progress) {}

 private:
  void serve(std::unique_lock<std::mutex>& lock, const WatchRequest& request) override {
    if (request.has_create_request()) return create(lock, request.create_request());
    while (gate_.silent && !ended()) gate_.cluster.changed.wait(lock);
    if (request.has_cancel_request()) cancel(request.cancel_request().watch_id());
    if (request.has_progress_request()) {
      tell_events();
      send(reply_for(-1));
    }
  }

  bool has_news() const override {
    if (gate_.silent || is_mute()) return false;
    return told_progress_ != gate_.progress || std::ranges::any_of(watches_, [this](auto& entry) {
             return entry.second.next <= gate_.cluster.store.revision();
           });
  }

  void tell_news() override {
    tell_events();
    if (told_progress_ == gate_.progress) return;
    told_progress_ = gate_.progress;
    for (const auto& [id, watch] : watches_) {
      if (watch.request.progress_notify()) send(reply_for(id));
    }
  }

  // A refusal of "WatchEvents": watches stand, but tell nothing of what happens.
  bool is_mute() const {
    const auto refusals = gate_.faults.find("WatchEvents");
    return refusals != gate_.faults.end() && !refusals->second.empty();
  }

  WatchResponse reply_for(std::int64_t id) const {
    WatchResponse reply;
    *reply.mutable_header() = gate_.cluster.header(gate_.member);
    reply.set_watch_id(id);
    return reply;
  }

  void create(std::unique_lock<std::mutex>& lock, const WatchCreateRequest& request) {
    gate_.watches.push_back(request);
    const Method method{.name = "Watch", .needs_majority = false};
    const grpc::Status refused = gate_.enter(lock, caller_, method);
    if (const char* code = code_of_refused_watch(refused)) {
      return refuse("rpc error: code = " + std::string(code) +
                    " desc = " + refused.error_message());
    }
    if (!refused.ok()) return end(refused);
    if (request.watch_id() != 0 && watches_.contains(request.watch_id())) {
      return refuse("mvcc: duplicate watch ID provided on the WatchStream");
    }
    add(request);
    if (grpc::Status lost = gate_.leave(method); !lost.ok()) end(lost);
  }

  void add(const WatchCreateRequest& request) {
    std::int64_t id = request.watch_id();
    while (id == 0 && watches_.contains(next_id_)) ++next_id_;
    if (id == 0) id = next_id_++;
    const std::int64_t now = gate_.cluster.store.revision();
    const std::int64_t from = request.start_revision() > 0 ? request.start_revision() : now + 1;
    watches_[id] = {request, span_of(request), from};
    WatchResponse reply = reply_for(id);
    reply.set_created(true);
    send(reply);
  }

  void refuse(const std::string& why) {
    WatchResponse reply = reply_for(-1);
    reply.set_created(true);
    reply.set_canceled(true);
    reply.set_cancel_reason(why);
    send(reply);
  }

  void cancel(std::int64_t id) {
    if (watches_.erase(id) == 0) return;
    ++gate_.calls["WatchCancel"];
    gate_.cluster.changed.notify_all();
    WatchResponse reply = reply_for(id);
    reply.set_canceled(true);
    send(reply);
  }

  void tell_events() {
    const std::int64_t compacted = gate_.cluster.store.compacted();
    std::erase_if(watches_, [&](const auto& entry) {
      if (entry.second.next >= compacted) return false;
      WatchResponse reply = reply_for(entry.first);
      reply.set_canceled(true);
      reply.set_compact_revision(compacted);
      send(reply);
      return true;
    });
    for (auto& [id, watch] : watches_) tell_events_of(id, watch);
  }

  void tell_events_of(std::int64_t id, OneWatch& watch) {
    WatchResponse reply = reply_for(id);
    const auto& filters = watch.request.filters();
    for (mvccpb::Event& event : gate_.cluster.store.changes(watch.span, watch.next)) {
      const auto filter = event.type() == mvccpb::Event::PUT ? WatchCreateRequest::NOPUT
                                                             : WatchCreateRequest::NODELETE;
      if (std::ranges::find(filters, filter) != filters.end()) continue;
      if (!watch.request.prev_kv()) event.clear_prev_kv();
      *reply.add_events() = std::move(event);
    }
    watch.next = std::max(watch.next, gate_.cluster.store.revision() + 1);
    if (gate_.fragments && watch.request.fragment()) return send_in_pieces(reply);
    if (reply.events_size() > 0) send(reply);
  }

  void send_in_pieces(const WatchResponse& whole) {
    for (int i = 0; i < whole.events_size(); ++i) {
      WatchResponse piece = reply_for(whole.watch_id());
      *piece.add_events() = whole.events(i);
      piece.set_fragment(i + 1 < whole.events_size());
      send(piece);
    }
  }

  std::map<std::int64_t, OneWatch> watches_;
  std::int64_t next_id_ = 0;
  int told_progress_;
};

}  // namespace

grpc::ServerBidiReactor<WatchRequest, WatchResponse>* WatchService::Watch(
    grpc::CallbackServerContext* context) {
  auto* stream = new WatchStream(gate_, *context);  // gRPC's from here on: see Stream
  stream->start();
  return stream;
}

}  // namespace coord::fake
