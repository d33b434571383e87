#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "cmd/cli/config_file.hpp"
#include "cmd/commands/tools/doctor_findings.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/program.hpp"

namespace coord::commands {
namespace {

constexpr rlim_t kFewDescriptors = 256;

// What is there now is ours, or gRPC's: what the user gave us did not end with exec.
bool was_closed(int fd) {
  const int flags = fcntl(fd, F_GETFD);
  return flags < 0 || (flags & FD_CLOEXEC) != 0;
}

void examine_config(const cli::Env& env, Findings& findings) {
  if (const auto& problem = env.config_problem()) {
    findings.push_back(
        {Level::problem, "config", problem->message,
         problem->hint.empty() ? "mend it, or leave it out: --context none" : problem->hint});
    return;
  }
  const std::string& context = env.globals().context;
  findings.push_back({Level::ok, "config",
                      context.empty() || context == cli::kNoContext
                          ? "no context is in use"
                          : fmt::format("context {} is in use", in_quotes(context)),
                      ""});
}

void examine_descriptors(Findings& findings) {
  std::string closed;
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (was_closed(fd)) closed += fmt::format("{}{}", closed.empty() ? "" : ", ", fd);
  if (!closed.empty()) {
    findings.push_back({Level::warning, "descriptors", "closed when coord was started: " + closed,
                        "start it with 0, 1 and 2 open: </dev/null >LOG 2>&1"});
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kFewDescriptors) {
    findings.push_back({Level::warning, "descriptors",
                        fmt::format("only {} may be open at once", limit.rlim_cur),
                        fmt::format("ulimit -n 1024, or LimitNOFILE= in the unit")});
  }
}

void examine_local(Findings& findings) {
  const auto paths = proc::program_paths("etcd", proc::Environment(environ).list());
  const bool there = std::ranges::any_of(
      paths, [](const std::string& path) { return access(path.c_str(), X_OK) == 0; });
  if (there) return;
  findings.push_back({Level::warning, "local", "no etcd is installed, which 'coord local' starts",
                      "apt install etcd-server, if a private etcd is wanted"});
}

}  // namespace

void examine_surroundings(cli::Env& env, Findings& findings) {
  examine_config(env, findings);
  examine_descriptors(findings);
  examine_local(findings);
}

}  // namespace coord::commands
