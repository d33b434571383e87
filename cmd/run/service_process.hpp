// ServiceProcess: what serve() does, from the first request to the end of CMD. One thread, a poll
// loop; the registration and the errand that opens the entry have their own.
//
// serve.cpp has the beginning, the loop and the end; service_events.cpp what happens meanwhile.
#pragma once

#include <optional>

#include "cmd/run/errand.hpp"
#include "cmd/run/herald.hpp"
#include "cmd/run/serve.hpp"
#include "cmd/run/served_command.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {

class ServiceProcess {
 public:
  ServiceProcess(ServicePlan& plan, cli::Env& env, etcd::Client& client, proc::Signals& signals,
                 proc::Timer timer, Herald herald);

  Result<> run();  // until there is nothing left to do
  Result<int> conclude() const;

 private:
  enum class Source { signals, news, timer };
  using Session = std::unique_ptr<etcd::Session>;

  // The beginning.
  void on_opened(Result<Session> session);
  void start();
  Result<> start_all();

  // What the registration says.
  void hear();
  void on_news(recipe::RegistrationNews news);
  void on_listed(std::int64_t revision);
  void give_up(Error error);  // it cannot be listed at all
  void say(const std::string& text);

  // Signals, CMD, the check, time.
  void take_signals();
  void reap_strangers() const;
  void on_signal(const proc::Signal& signal);
  void end_without_command(int number);
  void drain();  // new clients go elsewhere before CMD hears that it is to end
  void on_check(const CheckResult& result);
  void on_time();
  void set_timer();

  void close();

  ServicePlan* plan_;
  cli::Env* env_;
  etcd::Client* client_;
  proc::Signals* signals_;
  proc::Timer timer_;
  Herald herald_;
  Notifier changed_;
  proc::Poller<Source> poller_;
  std::optional<Errand<Session>> opening_;
  std::optional<recipe::Registration> registration_;
  std::optional<HealthCheck> check_;
  std::optional<ServedCommand> command_;
  std::optional<bool> healthy_;
  std::optional<int> ended_by_;
  std::optional<int> status_;
  std::optional<Error> error_;
  bool draining_ = false;
  bool was_listed_ = false;
  bool over_ = false;
};

}  // namespace coord::run
