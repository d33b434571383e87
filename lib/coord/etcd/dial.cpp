// How Transport finds an endpoint that answers. A channel counts as connected when the server's
// HTTP/2 settings have come, so a process that is stopped behind an open port does not.
#include "coord/etcd/error.hpp"
#include "coord/etcd/transport.hpp"
#include "etcdserverpb/maintenance.grpc.pb.h"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTellAfter = 800ms;  // no answer for so long is worth a word to whoever waits
constexpr Duration kHeadStart = 200ms;  // for each endpoint before the next one is dialled too

// Channel waits cannot be cancelled or joined, so they are cut into slices.
std::chrono::system_clock::time_point in(Duration span) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

}  // namespace

Result<Transport::Line> Transport::dial(const Context& ctx, std::size_t first) {
  const BootTime start = BootClock::now();
  const BootTime end = std::min(ctx.deadline(), after(start, options_.dial_timeout));
  const Duration slice = doors_.size() == 1 ? 100ms : 5ms;
  bool told = false;
  for (std::size_t failed = 0;;) {
    const auto head_starts = static_cast<std::size_t>((BootClock::now() - start) / kHeadStart);
    const std::size_t dialled = std::min(doors_.size(), 1 + head_starts + failed);
    failed = 0;
    for (std::size_t i = 0; i < dialled; ++i) {
      const std::size_t index = (first + i) % doors_.size();
      const auto state = doors_[index].channel->GetState(true);
      if (state == GRPC_CHANNEL_READY) return line(index);
      if (state == GRPC_CHANNEL_TRANSIENT_FAILURE) ++failed;
    }
    if (ctx.stopped()) return fail(Code::cancelled, "connecting: cancelled");
    const bool late = BootClock::now() >= end;
    if (!told && (late || failed == doors_.size() || BootClock::now() - start > kTellAfter)) {
      set_trouble(why_not(ctx, first));
      told = true;
    }
    if (late) return std::unexpected(why_not(ctx, first));
    if (failed == dialled && dialled < doors_.size()) continue;
    const auto& last = doors_[(first + dialled - 1) % doors_.size()].channel;
    last->WaitForStateChange(last->GetState(true),
                             in(std::min<Duration>(slice, end - BootClock::now())));
  }
}

// A request that fails for want of a connection tells why there is none.
Error Transport::why_not(const Context& ctx, std::size_t index) const {
  std::string names;
  for (const Door& door : doors_) names += (names.empty() ? "" : ", ") + door.endpoint.text;
  grpc::ClientContext call;
  call.set_deadline(in(50ms));
  const std::stop_callback cancel(ctx.stop(), [&call] { call.TryCancel(); });
  etcdserverpb::StatusResponse reply;
  const auto stub = etcdserverpb::Maintenance::NewStub(doors_[index].channel);
  const grpc::Status status = stub->Status(&call, {}, &reply);
  if (is_never_sent(status)) return connect_error(status, names, doors_[index].endpoint.tls);
  return no_answer(names);
}

}  // namespace coord::etcd
