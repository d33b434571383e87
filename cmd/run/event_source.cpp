#include "cmd/run/event_source.hpp"

#include <utility>

namespace coord::run {

EventSource::EventSource(NextEvent next)
    : thread_([this, next = std::move(next)](const std::stop_token& stop) { run(next, stop); }) {}

std::optional<Event> EventSource::take() {
  const std::lock_guard lock(mutex_);
  auto event = std::exchange(event_, std::nullopt);
  if (event) taken_.notify_one();
  return event;
}

std::optional<Result<>> EventSource::ended() {
  const std::lock_guard lock(mutex_);
  return event_ ? std::nullopt : ended_;
}

void EventSource::run(const NextEvent& next, const std::stop_token& stop) {
  for (;;) {
    auto event = next(Context(stop));
    std::unique_lock lock(mutex_);
    if (!event) {
      ended_ = std::unexpected(std::move(event).error());
    } else if (!*event) {
      ended_.emplace();
    } else {
      event_ = **std::move(event);
    }
    said_.post();
    if (ended_ || !taken_.wait(lock, stop, [this] { return !event_.has_value(); })) return;
  }
}

}  // namespace coord::run
