#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/local_paths.hpp"
#include "cmd/commands/tools/local.hpp"
#include "cmd/commands/tools/local_etcd.hpp"
#include "cmd/commands/tools/local_process.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStartLimit = 10s;
constexpr Duration kAskLimit = 2s;
constexpr Duration kLockLimit = kStartLimit + 5s;  // another start may be under way

Result<> prepare(const LocalPlaces& places) {
  COORD_TRY(check_socket(places, "set XDG_RUNTIME_DIR to a folder with a shorter path"));
  // Who owns the folder above could put another one in this place.
  COORD_TRY(make_private_folder(std::filesystem::path(places.runtime).parent_path()));
  COORD_TRY(make_private_folder(places.runtime));
  return make_private_folder(places.state);
}

Result<> check_answers(const LocalPlaces& places, pid_t pid) {
  if (ask_etcd(Context::within(kAskLimit), places)) return {};
  return fail(Code::unavailable,
              fmt::format("etcd (pid {}) runs, but does not answer at {}", pid, places.endpoint()),
              "it may be starting, or its socket is gone; 'coord local stop' ends it");
}

Result<pid_t> start_new(const LocalPlaces& places) {
  if (cli::local_is_running()) {
    return fail(Code::unavailable, "somebody else listens at " + places.endpoint(),
                "whatever it is, 'coord local' has not started it");
  }
  (void)std::rename(places.log().c_str(), (places.log() + ".old").c_str());
  COORD_TRY_INTO(proc::Child etcd, start_etcd(places, EtcdLife::lasting));
  auto answers = await_etcd(Context::within(kStartLimit), places, etcd);
  if (answers) return etcd.pid();
  answers.error().hint = "its log is " + places.log();
  return std::unexpected(std::move(answers).error());
}

Result<pid_t> start(const LocalPlaces& places, cli::Env& env) {
  COORD_TRY(prepare(places));
  COORD_TRY_INTO(const proc::Fd lock,
                 take_file_lock(places.lock(), after(BootClock::now(), kLockLimit)));
  const auto running = LocalProcess::find(places.record());
  if (!running) return start_new(places);
  COORD_TRY(check_answers(places, running->pid()));
  env.note(fmt::format("coord: local start: etcd runs already (pid {})", running->pid()));
  return running->pid();
}

}  // namespace

Result<int> run_local_start(cli::Env& env) {
  const LocalPlaces places = lasting_places();
  const auto pid = start(places, env);
  if (!pid) return std::unexpected(in_context("local start", pid.error()));
  out::Record record;
  record.add("endpoint", "Endpoint", out::Readable{places.endpoint()});
  record.add("pid", "Pid", std::int64_t{*pid});
  record.line(places.endpoint());
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
