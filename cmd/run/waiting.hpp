// WaitingLine: tells people what is being waited for and who is in the way, in a thread of its own:
// from the first second on, on a terminal kept up to date, in a log again when it changes or after
// a minute.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

class WaitingLine {
 public:
  // Hears what is new too, under --quiet as well; in the thread of the line.
  using Listener = std::function<void(const std::string& line)>;

  // OWN_LEASE gives the lease that waits, 0 if there is none yet. All must outlive it.
  WaitingLine(cli::Env& env, etcd::Client& client, Awaited& awaited,
              std::function<std::int64_t()> own_lease, Listener listener = {});
  ~WaitingLine();  // wipes the line off a terminal

  void report();  // now, even if nothing has changed and under --quiet
  void stop() { thread_.request_stop(); }

 private:
  void run(const std::stop_token& stop);
  bool sleep(const std::stop_token& stop, Duration span);  // true: woken by report()
  Obstacle look(const std::stop_token& stop);
  void show(const Obstacle& obstacle, bool asked);
  void rewrite(const std::string& line);

  cli::Env* env_;
  etcd::Client* client_;
  Awaited* awaited_;
  std::function<std::int64_t()> own_lease_;
  Listener listener_;
  bool on_terminal_;
  bool shown_ = false;
  std::string last_;  // what was said, but for the age
  std::string heard_;
  BootTime last_time_{};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool asked_ = false;
  std::jthread thread_;
};

}  // namespace coord::run
