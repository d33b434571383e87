#include "coord/proc/relay.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "coord/proc/relay_engine.hpp"

namespace coord::proc {

Relay::Relay(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Relay::Relay(Relay&&) noexcept = default;

Relay::~Relay() {
  while (engine_ && !engine_->all.empty()) engine_->end(*engine_->all.begin());
}

Result<Relay> Relay::open(Fd listener, RelayOptions options) {
  auto engine = std::make_unique<Engine>();
  engine->epoll = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!engine->epoll) return std::unexpected(os_error("epoll_create", errno));
  engine->listener = std::move(listener);
  engine->options = std::move(options);
  if (!engine->watch_fd(engine->listener.get(), Engine::kListener) ||
      !engine->watch_fd(engine->names.fd(), Engine::kNames))
    return std::unexpected(os_error("epoll_ctl", errno));
  return Relay(std::move(engine));
}

int Relay::fd() const { return engine_->epoll.get(); }

BootTime Relay::next_time() const {
  BootTime next = engine_->listener ? engine_->accept_at : kNever;
  for (const auto& link : engine_->all) next = std::min(next, link->give_up_at);
  return next;
}

void Relay::work() {
  std::array<epoll_event, 64> events{};
  const int count =
      epoll_wait(engine_->epoll.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
    if (id == Engine::kListener) {
      engine_->accept_some();
      continue;
    }
    if (id == Engine::kNames) {
      engine_->take_names();
      continue;
    }
    const auto found = engine_->links.find(id);
    if (found == engine_->links.end()) continue;  // ended by what came before
    const auto link = found->second;
    engine_->on_ready(link, id);
  }
  engine_->on_time();
}

void Relay::stop_listening() { engine_->listener = Fd(); }

std::size_t Relay::connections() const { return engine_->all.size(); }

}  // namespace coord::proc
