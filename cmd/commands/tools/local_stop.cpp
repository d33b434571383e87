#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/tools/local.hpp"
#include "cmd/commands/tools/local_etcd.hpp"
#include "cmd/commands/tools/local_process.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTermLimit = 10s;
constexpr Duration kKillLimit = 5s;
constexpr Duration kLockLimit = 15s;  // a start may be under way

Result<> end(const LocalProcess& etcd) {
  etcd.signal(SIGTERM);
  etcd.signal(SIGCONT);  // it may be stopped
  COORD_TRY_INTO(bool ended, etcd.has_ended(after(BootClock::now(), kTermLimit)));
  if (ended) return {};
  etcd.signal(SIGKILL);
  COORD_TRY_INTO(ended, etcd.has_ended(after(BootClock::now(), kKillLimit)));
  if (ended) return {};
  return fail(Code::os, fmt::format("etcd (pid {}) does not end", etcd.pid()));
}

// The pid that it had.
Result<pid_t> stop(const LocalPlaces& places) {
  const auto not_running = [] { return fail(Code::not_found, "etcd does not run"); };
  if (access(places.state.c_str(), F_OK) != 0) return not_running();
  COORD_TRY_INTO(const proc::Fd lock,
                 take_file_lock(places.lock(), after(BootClock::now(), kLockLimit)));
  const auto etcd = LocalProcess::find(places.record());
  if (etcd) COORD_TRY(end(*etcd));
  if (unlink(places.record().c_str()) == 0) remove_sockets(places);
  if (!etcd) return not_running();
  return etcd->pid();
}

}  // namespace

Result<int> run_local_stop(cli::Env& env) {
  const auto pid = stop(lasting_places());
  if (!pid) return std::unexpected(in_context("local stop", pid.error()));
  env.note(fmt::format("coord: local stop: etcd (pid {}) has stopped", *pid));
  return cli::kDone;
}

}  // namespace coord::commands
