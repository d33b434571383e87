#include "cmd/run/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "cmd/cli/exit_code.hpp"
#include "cmd/run/entry_opening.hpp"
#include "cmd/run/service_process.hpp"
#include "coord/proc/exit_status.hpp"

namespace coord::run {
namespace {

constexpr Duration kCloseLimit = std::chrono::seconds{3};

}  // namespace

ServiceProcess::ServiceProcess(ServicePlan& plan, cli::Env& env, etcd::Client& client,
                               proc::Signals& signals, proc::Timer timer, Herald herald)
    : plan_(&plan),
      env_(&env),
      client_(&client),
      signals_(&signals),
      timer_(std::move(timer)),
      herald_(std::move(herald)) {}

Result<> ServiceProcess::run() {
  poller_.watch(Source::signals, signals_->fd());
  poller_.watch(Source::news, changed_.fd());
  poller_.watch(Source::timer, timer_.fd());
  herald_.wait(plan_->subject);
  opening_.emplace([this](const Context& ctx) { return open_entry(ctx, *plan_, *env_, *client_); },
                   changed_);
  set_timer();
  while (!over_) {
    COORD_TRY(poller_.wait());
    if (poller_.ready(Source::signals)) take_signals();
    if (poller_.ready(Source::news)) hear();
    if (timer_.fired()) on_time();
    set_timer();
  }
  close();
  return {};
}

Result<int> ServiceProcess::conclude() const {
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

void ServiceProcess::on_opened(Result<Session> session) {
  opening_.reset();
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

void ServiceProcess::start() {
  if (const auto started = start_all(); !started) {
    error_ = started.error();
    over_ = true;
  }
}

Result<> ServiceProcess::start_all() {
  Event event{.variables = plan_->variables};
  if (plan_->notify) event.absent = Herald::variables();
  if (plan_->check) {
    COORD_TRY_INTO(const proc::Environment environment, environment_for(*env_, event));
    check_.emplace(*plan_->check, environment.list(), signals_->original());
  }
  if (!env_->child()) return {};
  COORD_TRY_INTO(EventCommand command,
                 EventCommand::start(*env_, *signals_, event, EventCommand::beside_us()));
  command_.emplace(std::move(command));
  return {};
}

void ServiceProcess::close() {
  herald_.ends();
  check_.reset();
  if (!registration_) return;
  const auto closed = registration_->close(Context::within(kCloseLimit));
  if (!closed)
    say(fmt::format("could not take the entry back: {}; it ends by itself within {}s",
                    closed.error().message, plan_->ttl.count()));
}

Result<int> serve(ServicePlan plan, cli::Env& env) {
  COORD_TRY_INTO(Herald herald, herald_for(plan.notify));
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY_INTO(etcd::Client * client, env.client());
  ServiceProcess process(plan, env, *client, signals, std::move(timer), std::move(herald));
  COORD_TRY(process.run());
  COORD_TRY(env.out().flush());
  return process.conclude();
}

}  // namespace coord::run
