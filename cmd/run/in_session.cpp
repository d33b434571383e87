#include "cmd/run/in_session.hpp"

#include <csignal>

#include "cmd/cli/exit_code.hpp"
#include "cmd/run/acquirer.hpp"
#include "cmd/run/outcome.hpp"
#include "cmd/run/surroundings.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/base/layout.hpp"
#include "coord/proc/poller.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

enum class Source { signals, changed };

class Taking {
 public:
  Taking(Plan& plan, cli::Env& env, etcd::Client& client, proc::Signals& signals)
      : plan_(&plan),
        env_(&env),
        client_(&client),
        signals_(&signals),
        acquirer_(env, client, plan, plan.give_up_at(), changed_) {
    if (plan.waits()) line_.emplace(env, client, *plan.claim, [&plan] { return *plan.lease; });
  }

  Result<Outcome> run() {
    proc::Poller<Source> poller;
    poller.watch(Source::signals, signals_->fd());
    poller.watch(Source::changed, changed_.fd());
    for (;;) {
      COORD_TRY(poller.wait());
      while (const auto signal = signals_->next()) on_signal(signal->number);
      changed_.clear();
      if (auto taken = acquirer_.take()) return outcome_of(std::move(*taken));
    }
  }

 private:
  void on_signal(int number) {
    if (number == SIGUSR1 && line_) line_->report();
    if (number == SIGTSTP) (void)raise(SIGSTOP);
    if (!proc::ends_us(number)) return;
    ended_by_ = number;
    acquirer_.cancel();
    if (line_) line_->stop();
  }

  Result<Outcome> outcome_of(Result<Taken> taken) {
    line_.reset();
    if (ended_by_) {
      if (taken) give_back(*taken);
      return Outcome{.word = "signal", .die_by = ended_by_};
    }
    if (!taken) return failed(taken.error(), *plan_);
    if (const auto shown = plan_->claim->show(*env_, taken->held); !shown) {
      give_back(*taken);
      return failed(shown.error(), *plan_);
    }
    return Outcome{.word = "held", .status = cli::kDone};
  }

  void give_back(const Taken& taken) {
    close_session(*env_, *plan_, *client_, *taken.session, Context::within(3s));
  }

  Plan* plan_;
  cli::Env* env_;
  etcd::Client* client_;
  proc::Signals* signals_;
  Notifier changed_;
  Acquirer acquirer_;
  std::optional<WaitingLine> line_;
  std::optional<int> ended_by_;
};

}  // namespace

Result<int> take_in_session(Plan plan, cli::Env& env) {
  COORD_TRY(env.connection());
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const Outcome outcome, Taking(plan, env, *client, signals).run());
  tell(outcome, plan, env);
  return conclude(outcome, env);
}

}  // namespace coord::run
