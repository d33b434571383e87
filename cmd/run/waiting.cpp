#include "cmd/run/waiting.hpp"

#include "cmd/cli/report.hpp"
#include "cmd/cli/rewritten_line.hpp"
#include "coord/base/bytes.hpp"

namespace coord::run {

using namespace std::chrono_literals;

namespace {

constexpr Duration kFirst = 1s;
constexpr Duration kRefresh = 1s;  // on a terminal
constexpr Duration kRefreshLog =
    20s;  // elsewhere: a look reads the whole line, and there may be hundreds of us
constexpr Duration kRepeat = 60s;  // of an unchanged line in a log
constexpr Duration kLookUp = 1s;   // longer than that, and the answer is that there is none

}  // namespace

std::string in_words(const Obstacle& obstacle) {
  const std::string age = obstacle.age.empty() ? "" : " for " + obstacle.age;
  const std::string place = obstacle.place.empty() ? "" : "; " + obstacle.place;
  return obstacle.who + age + place;
}

WaitingLine::WaitingLine(cli::Env& env, etcd::Client& client, Awaited& awaited,
                         std::function<std::int64_t()> own_lease, Listener listener)
    : env_(&env),
      client_(&client),
      awaited_(&awaited),
      own_lease_(std::move(own_lease)),
      listener_(std::move(listener)),
      on_terminal_(cli::can_rewrite(env.streams().err)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

WaitingLine::~WaitingLine() {
  thread_.request_stop();
  thread_.join();
  if (shown_ && on_terminal_) cli::wipe_line(env_->streams().err);
}

void WaitingLine::report() {
  const std::lock_guard lock(mutex_);
  asked_ = true;
  wake_.notify_all();
}

void WaitingLine::run(const std::stop_token& stop) {
  const bool quiet = env_->globals().quiet && !listener_;
  const Duration refresh = quiet ? kNever - BootTime{} : on_terminal_ ? kRefresh : kRefreshLog;
  for (bool asked = sleep(stop, quiet ? refresh : kFirst); !stop.stop_requested();
       asked = sleep(stop, refresh)) {
    const Obstacle obstacle = look(stop);
    if (!stop.stop_requested()) show(obstacle, asked);
  }
}

bool WaitingLine::sleep(const std::stop_token& stop, Duration span) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, stop, after(BootClock::now(), span), [this] { return asked_; });
  return std::exchange(asked_, false);
}

Obstacle WaitingLine::look(const std::stop_token& stop) {
  auto trouble = client_->trouble();
  if (!trouble) {
    auto obstacle = awaited_->obstacle(Context(stop).at_most(kLookUp), *client_, own_lease_());
    if (obstacle) return *std::move(obstacle);
    trouble = obstacle.error();
  }
  return {trouble->message, "", "trying again"};
}

void WaitingLine::show(const Obstacle& obstacle, bool asked) {
  if (obstacle.who.empty()) return;
  const std::string words =
      printable("waiting for " + awaited_->what() + ": " + in_words(obstacle));
  if (listener_ && heard_ != words) listener_(heard_ = words);
  if (env_->globals().quiet && !asked) return;
  const std::string line = "coord: " + words;
  if (on_terminal_ && !asked) return rewrite(line);
  const BootTime now = BootClock::now();
  const std::string core = obstacle.who + obstacle.place;
  if (!asked && core == last_ && now - last_time_ < kRepeat) return;
  last_ = core;
  last_time_ = now;
  cli::write_line(env_->streams().err, line);
}

void WaitingLine::rewrite(const std::string& line) {
  cli::rewrite_line(env_->streams().err, line);
  shown_ = true;
}

}  // namespace coord::run
