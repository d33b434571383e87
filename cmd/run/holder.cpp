#include "cmd/run/holder.hpp"

#include <unistd.h>

#include "cmd/run/holder_process.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {
namespace {

[[noreturn]] void exit_with(proc::Channel channel, const Error& error) {
  GuardianLine(std::move(channel)).finished(error);
  _exit(1);
}

}  // namespace

void run_holder(Plan& plan, cli::Env& env, proc::Channel channel, proc::Signals& signals,
                const HolderOptions& options) {
  (void)setpgid(0, 0);  // so that what strikes the guardian's group leaves one of the two alive
  if (const auto ready = proc::become_subreaper(); !ready)
    exit_with(std::move(channel), ready.error());
  auto timer = proc::Timer::create();
  if (!timer) exit_with(std::move(channel), timer.error());
  const auto client = env.client();
  if (!client) exit_with(std::move(channel), client.error());
  auto* holder =
      new Holder(plan, env, std::move(channel), signals, *std::move(timer), **client, options);
  const auto done = holder->run();
  // Not by return: threads of gRPC and of the session may still run, and there is nothing left to
  // clean up.
  _exit(done ? 0 : 1);
}

}  // namespace coord::run
