// Errand: one thing that blocks, done in a thread of its own while the main thread's poll loop goes
// on. The loop hears of its end through a Notifier, and can call it off.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "coord/base/context.hpp"
#include "coord/base/notifier.hpp"
#include "coord/base/result.hpp"

namespace coord::run {

template <typename T = void>
class Errand {
 public:
  using Work = std::function<Result<T>(const Context&)>;

  // Starts at once; DONE is posted when take() has something. DONE, and what WORK refers to, live
  // longer.
  Errand(Work work, Notifier& done)
      : thread_([this, work = std::move(work), &done](const std::stop_token& stop) {
          auto result = work(Context(stop));
          {
            const std::lock_guard lock(mutex_);
            result_ = std::move(result);
          }
          done.post();
        }) {}

  void cancel() { thread_.request_stop(); }

  // The result, once.
  std::optional<Result<T>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(result_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<Result<T>> result_;
  std::jthread thread_;  // last: the destructor cancels it, and waits for its end
};

}  // namespace coord::run
