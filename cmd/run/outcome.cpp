#include "cmd/run/outcome.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "coord/proc/exit_status.hpp"

namespace coord::run {

Outcome failed(Error error, const Plan& plan) {
  Outcome outcome{.word = "error"};
  if (error.code == Code::busy) outcome.word = "busy";
  if (error.code == Code::timed_out) outcome.word = "timeout";
  if (outcome.word != "error")
    outcome.status = plan.conflict_status.value_or(cli::exit_code(error.code));
  outcome.error = std::move(error);
  return outcome;
}

namespace {

std::optional<Error> last_error(const CourseResult& result) {
  if (!result.last) return Error{Code::internal, "the process that waited has died", ""};
  if (result.last->a < 0) return std::nullopt;
  const std::string& text = result.last->text;
  const std::size_t end = text.find('\0');
  return Error{static_cast<Code>(result.last->a), text.substr(0, end),
               end == std::string::npos ? "" : text.substr(end + 1)};
}

Outcome lost(const std::string& why, const Plan& plan) {
  const std::string stopped = plan.command ? "; " + plan.command->front() + " was stopped" : "";
  Error error{Code::lost, fmt::format("lost {}: {}{}", plan.claim->what(), why, stopped), ""};
  return {.word = "lost", .error = std::move(error)};
}

// CMD ended by itself, or by a signal: then so do we if the same signal was meant for us.
Outcome ended(int status, const std::set<int>& received) {
  Outcome outcome{.word = "done", .status = proc::exit_status(status)};
  const auto fatal = proc::fatal_signal(status);
  if (fatal && received.contains(*fatal)) outcome.die_by = fatal;
  return outcome;
}

Outcome ended_by(int signal, bool was_holding) {
  // A hold without a CMD is ended by a signal as a matter of course, as etcdctl's is.
  if (was_holding && (signal == SIGINT || signal == SIGTERM))
    return {.word = "done", .status = cli::kDone};
  return {.word = "signal", .die_by = signal};
}

Outcome without_command(const GuardianEnd& end, const Plan& plan) {
  const CourseResult& result = end.result;
  const auto last = result.last ? last_error(result) : std::nullopt;
  if (result.ended_by) {
    if (!result.was_holding || !last) return ended_by(*result.ended_by, result.was_holding);
    if (last->code == Code::cancelled) return ended_by(*result.ended_by, false);
    return failed(*last, plan);
  }
  if (result.command_status) {
    Outcome outcome = ended(*result.command_status, end.received);
    if (last && outcome.status == cli::kDone) return failed(*last, plan);
    if (last) outcome.note = "coord: " + last->message;
    return outcome;
  }
  if (auto error = last_error(result)) return failed(*std::move(error), plan);
  return {.word = "done", .status = cli::kDone};
}

int code_of(const Outcome& outcome) {
  if (outcome.die_by) return cli::kSignalBase + *outcome.die_by;
  return outcome.status.value_or(outcome.error ? cli::exit_code(outcome.error->code) : cli::kDone);
}

}  // namespace

Outcome outcome_of(const GuardianEnd& end, const Plan& plan) {
  Outcome outcome = end.result.lost ? lost(*end.result.lost, plan) : without_command(end, plan);
  if (end.result.abandoned && !end.result.lost) {
    outcome.note =
        fmt::format("coord: left without giving back {}: its lease ends by itself within {}s",
                    plan.claim->what(), plan.ttl.count());
  }
  if (end.result.command_status) outcome.command = proc::exit_status(*end.result.command_status);
  return outcome;
}

void write_status(const Plan& plan, const Outcome& outcome) {
  if (!plan.status_fd) return;
  std::string line = fmt::format("result={} code={}", outcome.word, code_of(outcome));
  if (outcome.command) line += fmt::format(" child={}", *outcome.command);
  line += '\n';
  (void)!write(*plan.status_fd, line.data(), line.size());
}

void tell(const Outcome& outcome, const Plan& plan, cli::Env& env) {
  write_status(plan, outcome);
  if (!outcome.note.empty()) env.note(outcome.note);
}

Result<int> conclude(const Outcome& outcome, cli::Env& env) {
  if (outcome.die_by) return proc::die_by_signal(*outcome.die_by);
  if (outcome.error && !outcome.status) return std::unexpected(*outcome.error);
  if (outcome.error) env.note(cli::spoken(*outcome.error, env.color()));
  return outcome.status.value_or(cli::kDone);
}

}  // namespace coord::run
