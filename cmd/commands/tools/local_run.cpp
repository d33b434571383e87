#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/tools/local.hpp"
#include "cmd/commands/tools/local_command.hpp"
#include "cmd/commands/tools/local_etcd.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStartLimit = 10s;

void show(const LocalScratch& scratch, cli::Env& env) {
  const std::string endpoint = scratch.places().endpoint();
  out::Record record;
  record.add("endpoint", "Endpoint", out::Readable{endpoint}).line(endpoint);
  env.print(record);
}

// The ending signal that came while etcd was starting, if one did.
Result<std::optional<int>> start(LocalScratch& scratch, proc::Signals& signals) {
  COORD_TRY(scratch.start());
  std::optional<int> ended_by;
  const auto interrupted = [&] {
    while (const auto signal = signals.next()) {
      if (proc::ends_us(signal->number)) ended_by = signal->number;
    }
    return ended_by.has_value();
  };
  const auto ready =
      await_etcd(Context::within(kStartLimit), scratch.places(), scratch.etcd(), interrupted);
  if (!ready && !ended_by) return std::unexpected(ready.error());
  return ended_by;
}

Result<LocalEnd> go(LocalScratch& scratch, proc::Signals& signals, cli::Env& env) {
  COORD_TRY_INTO(const auto ended_by, start(scratch, signals));
  if (ended_by) return LocalEnd{cli::kSignalBase + *ended_by, ended_by};
  if (env.child()) return run_beside(scratch, signals, env);
  show(scratch, env);
  COORD_TRY(env.out().flush());
  return wait_beside(scratch, signals);
}

}  // namespace

Result<int> run_local_run(cli::Env& env) {
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  auto scratch = LocalScratch::create();
  if (!scratch) return std::unexpected(in_context("local run", scratch.error()));
  const auto end = go(*scratch, signals, env);
  scratch->remove();
  if (!end) return std::unexpected(in_context("local run", end.error()));
  if (end->die_by) return proc::die_by_signal(*end->die_by);
  return end->status;
}

}  // namespace coord::commands
