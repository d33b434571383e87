#include "cmd/run/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <mutex>
#include <thread>

#include "cmd/cli/exit_code.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/signals.hpp"
#include "coord/proc/terminal.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;
using Kind = recipe::RegistrationNews::Kind;

constexpr Duration kGrace = 3s;       // between TERM and KILL where CMD is stopped by us
constexpr Duration kLeaveLimit = 1s;  // how long a signal to CMD waits until it is not listed
constexpr Duration kCloseLimit = 3s;
constexpr Duration kTwice = 2s;  // a second INT within this kills

enum class Source { signals, news, timer };

// Opens the session and waits for an entry whose holder is dead, in a thread of its own.
class Preparation {
 public:
  using Session = std::unique_ptr<etcd::Session>;

  Preparation(const ServicePlan& plan, cli::Env& env, etcd::Client& client, Notifier& changed)
      : thread_([&, this](const std::stop_token& stop) {
          auto session = prepare(plan, env, client, Context(stop));
          {
            const std::lock_guard lock(mutex_);
            result_ = std::move(session);
          }
          changed.post();
        }) {}

  void cancel() { thread_.request_stop(); }
  std::optional<Result<Session>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(result_, std::nullopt);
  }

 private:
  static Result<Session> prepare(const ServicePlan& plan, cli::Env& env, etcd::Client& client,
                                 const Context& ctx) {
    const Duration request = env.globals().command_timeout;
    COORD_TRY_INTO(auto session, etcd::Session::open(client, ctx.at_most(request), plan.ttl));
    if (plan.rival == recipe::Rival::replace) return session;
    const bool waits = plan.timeout != Duration{0};
    const Duration limit = waits ? plan.timeout.value_or(kNever - BootClock::now()) : request;
    const auto alone = recipe::await_unregistered(client, ctx.at_most(limit), plan.entry, waits);
    if (alone) return session;
    (void)session->close(Context::within(1s));
    return std::unexpected(alone.error());
  }

  std::mutex mutex_;
  std::optional<Result<Session>> result_;
  std::jthread thread_;
};

class Server {
 public:
  Server(ServicePlan& plan, cli::Env& env, etcd::Client& client, proc::Signals& signals,
         proc::Timer timer)
      : plan_(&plan),
        env_(&env),
        client_(&client),
        signals_(&signals),
        timer_(std::move(timer)),
        shares_terminal_(env.child() && proc::Terminal::controlling().has_value()) {}

  // Until there is nothing left to do; see conclude().
  Result<> run() {
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::news, changed_.fd());
    poller_.watch(Source::timer, timer_.fd());
    preparation_.emplace(*plan_, *env_, *client_, changed_);
    while (!over_) {
      COORD_TRY(poller_.wait());
      if (poller_.ready(Source::signals)) take_signals();
      if (poller_.ready(Source::news)) hear();
      if (timer_.fired()) on_time();
      set_timer();
    }
    return close();
  }

  Result<int> conclude() const {
    if (error_) return std::unexpected(*error_);
    if (status_) {
      const auto fatal = proc::fatal_signal(*status_);
      if (fatal && fatal == ended_by_) return proc::die_by_signal(*fatal);
      return proc::exit_status(*status_);
    }
    const int number = ended_by_.value_or(SIGTERM);
    if (was_listed_ && (number == SIGINT || number == SIGTERM)) return cli::kDone;
    return proc::die_by_signal(number);
  }

 private:
  // --- the beginning ---

  void hear() {
    changed_.clear();
    if (preparation_) {
      if (auto session = preparation_->take()) on_prepared(*std::move(session));
    }
    if (!registration_) return;
    for (recipe::RegistrationNews& news : registration_->take_news()) on_news(std::move(news));
    if (!pending_.empty() && !registration_->is_listed()) pass_pending();
  }

  void on_prepared(Result<Preparation::Session> session) {
    preparation_.reset();
    if (!session) {
      if (!ended_by_) error_ = in_context(plan_->what, session.error());
      over_ = true;
      return;
    }
    registration_.emplace(*client_, plan_->entry, *std::move(session), plan_->rival, changed_);
    if (ended_by_) return void(over_ = true);
    // Without a check CMD starts when it is listed: who may not have the entry starts nothing.
    plan_->check ? start() : registration_->list(true);
  }

  void start() {
    if (const auto started = start_all(); !started) {
      error_ = started.error();
      over_ = true;
    }
  }

  Result<> start_all() {
    COORD_TRY_INTO(proc::Environment environment, child_environment(*env_, false));
    for (const auto& [name, value] : plan_->variables) environment.set(name, value);
    if (plan_->check) check_.emplace(*plan_->check, environment.list(), signals_->original());
    if (!env_->child()) return {};
    proc::ChildSpec spec;
    spec.argv = *env_->child();
    spec.environment = environment.list();
    spec.signals = signals_->original();
    if (shares_terminal_) spec.group = proc::ChildSpec::Group::inherit;
    auto child = proc::Child::start(spec);
    if (!child) return std::unexpected(start_failure(child.error()));
    child_.emplace(*std::move(child));
    return {};
  }

  // --- what the registration says ---

  void on_news(recipe::RegistrationNews news) {
    switch (news.kind) {
      case Kind::listed:
        return on_listed(news.revision);
      case Kind::unlisted:
        return;
      case Kind::gone:
        return say(over_ || draining_ ? "" : "the entry is gone; registering again");
      case Kind::taken:
        if (!was_listed_) return give_up({Code::busy, "somebody else has registered it", ""});
        return say("somebody else has registered it; it comes back when that entry is gone");
      case Kind::interrupted:
        return say(news.error.message);
      case Kind::resumed:
        return say("etcd is back");
      case Kind::failed:
        if (!was_listed_ && (!child_ || news.error.code == Code::denied))
          return give_up(std::move(news.error));
        if (!env_->child() && news.error.code == Code::denied && !registration_->is_listed())
          return give_up(std::move(news.error));  // it is not, and won't be again
        return say(news.error.message);
    }
  }

  void on_listed(std::int64_t revision) {
    if (std::exchange(was_listed_, true)) return say(check_ ? "" : "registered again");
    if (env_->child()) return check_ ? void() : start();
    if (const auto shown = plan_->show(revision, registration_->lease()); !shown)
      give_up(shown.error());
  }

  void say(const std::string& text) {
    if (!text.empty()) env_->note(fmt::format("coord: {}: {}", plan_->what, text));
  }

  // It cannot be listed at all.
  void give_up(Error error) {
    if (error_) return;
    error_ =
        error.code == Code::output ? std::move(error) : in_context(plan_->what, std::move(error));
    if (!child_) return void(over_ = true);
    signal_command(SIGTERM);
    signal_command(SIGCONT);
    kill_at_ = after(BootClock::now(), kGrace);
  }

  // --- signals ---

  void take_signals() {
    while (const auto signal = signals_->next()) on_signal(*signal);
    if (check_) {
      if (const auto result = check_->on_child()) on_check(*result);
    }
    const auto status = child_ ? child_->exited() : std::nullopt;
    if (!status) return;
    child_->reap();
    child_.reset();
    if (!error_) status_ = *status;
    over_ = true;
  }

  void on_signal(const proc::Signal& signal) {
    if (signal.number == SIGCHLD) return;
    if (signal.number == SIGTSTP) return on_stop(signal);
    const bool ends = proc::ends_us(signal.number);
    if (!child_) {
      if (!ends) return;
      if (!ended_by_) ended_by_ = signal.number;
      if (!preparation_) return void(over_ = true);
      return preparation_->cancel();
    }
    if (ends) ended_by_ = signal.number;
    if (signal.number == SIGINT && is_second_interrupt()) return signal_command(SIGKILL);
    const bool has_it = shares_terminal_ && signal.from_kernel;
    if (ends && signal.number != SIGHUP) drain();
    if (has_it) return;
    if (ends && signal.number != SIGHUP && registration_->is_listed()) {
      pending_.push_back(signal.number);
    } else {
      signal_command(signal.number);
    }
  }

  void on_stop(const proc::Signal& signal) {
    if (child_ && !(shares_terminal_ && signal.from_kernel)) signal_command(SIGTSTP);
    (void)raise(SIGSTOP);
  }

  bool is_second_interrupt() {
    const BootTime now = BootClock::now();
    return now - std::exchange(interrupted_at_, now) < kTwice;
  }

  // New clients go elsewhere before CMD hears that it is to end.
  void drain() {
    if (std::exchange(draining_, true)) return;
    registration_->list(false);
    pass_at_ = after(BootClock::now(), kLeaveLimit);
  }

  void pass_pending() {
    pass_at_ = kNever;
    for (const int number : std::exchange(pending_, {})) signal_command(number);
  }

  void signal_command(int number) {
    if (!child_) return;
    shares_terminal_ ? child_->signal(number) : child_->signal_group(number);
  }

  // --- time ---

  void on_check(const CheckResult& result) {
    if (draining_ || over_) return;
    if (healthy_ != result.healthy)
      say(result.healthy ? "the check is passed: listed"
                         : fmt::format("the check {}: not listed", result.why));
    healthy_ = result.healthy;
    registration_->list(result.healthy);
  }

  void on_time() {
    if (check_ && !draining_) {
      if (const auto result = check_->on_time()) on_check(*result);
    }
    const BootTime now = BootClock::now();
    if (now >= pass_at_) pass_pending();
    if (now >= kill_at_) {
      kill_at_ = kNever;
      signal_command(SIGKILL);
    }
  }

  void set_timer() {
    const BootTime check = check_ && !draining_ ? check_->next_time() : kNever;
    timer_.set(std::min({check, pass_at_, kill_at_}));
  }

  // --- the end ---

  Result<> close() {
    check_.reset();
    if (!registration_) return {};
    const auto closed = registration_->close(Context::within(kCloseLimit));
    if (!closed)
      say(fmt::format("could not take the entry back: {}; it ends by itself within {}s",
                      closed.error().message, plan_->ttl.count()));
    return {};
  }

  ServicePlan* plan_;
  cli::Env* env_;
  etcd::Client* client_;
  proc::Signals* signals_;
  proc::Timer timer_;
  const bool shares_terminal_;
  Notifier changed_;
  proc::Poller<Source> poller_;
  std::optional<Preparation> preparation_;
  std::optional<recipe::Registration> registration_;
  std::optional<HealthCheck> check_;
  std::optional<proc::Child> child_;
  std::optional<bool> healthy_;
  std::vector<int> pending_;  // for CMD, once it is not listed any more
  std::optional<int> ended_by_;
  std::optional<int> status_;
  std::optional<Error> error_;
  BootTime interrupted_at_{};
  BootTime pass_at_ = kNever;
  BootTime kill_at_ = kNever;
  bool draining_ = false;
  bool was_listed_ = false;
  bool over_ = false;
};

}  // namespace

Result<int> serve(ServicePlan plan, cli::Env& env) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Server server(plan, env, *client, signals, std::move(timer));
  COORD_TRY(server.run());
  COORD_TRY(env.out().flush());
  return server.conclude();
}

}  // namespace coord::run
