#include "cmd/commands/shared/hold_options.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/deadline.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr Duration kGrace = 3s;

Result<Duration> grace_for(const HoldOptions& options, std::chrono::seconds ttl) {
  const Duration longest = recipe::longest_grace(ttl);
  if (!options.grace) return std::min(kGrace, longest);
  if (*options.grace <= longest) return *options.grace;
  return fail(Code::usage,
              fmt::format("a grace of {} does not fit into a lease of {}",
                          format_duration(*options.grace), format_duration(ttl)),
              fmt::format("use --ttl {}s or more, or --grace {} or less",
                          recipe::shortest_ttl(*options.grace).count(),
                          format_duration(std::chrono::floor<std::chrono::milliseconds>(longest))));
}

// Taken under the session's lease, if there is a session, by a coord that returns.
bool stands_in_session(const HoldOptions& options, const cli::Env& env) {
  return !env.child() && !options.until_eof && !options.own_lease;
}

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return entry.pw_name;
  return std::to_string(geteuid());
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string program_name(pid_t pid) {
  std::string name;
  std::getline(std::ifstream(fmt::format("/proc/{}/comm", pid)), name);
  return name.empty() ? "coord" : name;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

void add_hold_options(CLI::App& app, HoldOptions& options) {
  cli::duration(app, "--timeout", options.timeout,
                "wait no longer than this (0: do not wait); never limits CMD");
  cli::flag(app, "-n,--nonblock", options.nonblock, "do not wait: exit 1 when it is busy");
  add_conflict_option(app, options.conflict_status,
                      "exit with this when it is busy or the time ran out, instead of 1 or 124");
  cli::duration(app, "--ttl", options.ttl, "how long it outlives a coord that died (15s)");
  cli::duration(app, "--grace", options.grace,
                "between TERM and KILL when it is lost (3s, less under a short --ttl)");
  cli::text(app, "--note", options.note, "TEXT", "shown by 'coord who'");
  cli::text(app, "--status-fd", options.status_fd, "NUMBER",
            "write one line to this descriptor that tells coord's exit from CMD's");
  cli::flag(app, "--until-eof", options.until_eof, "without CMD: hold until stdin ends");
  cli::flag(app, "--wait-tree", options.wait_tree,
            "hold until all that CMD started has ended too, daemons as well");
  cli::flag(app, "--pass-credentials", options.pass_credentials,
            "give CMD the password in its environment");
}

void add_notify_option(CLI::App& app, bool& target) {
  cli::flag(app, "--notify", target,
            "tell systemd (Type=notify): ready once held, who is waited for, the watchdog");
}

std::unexpected<Error> refuse_notify() {
  return fail(Code::usage, "--notify is not for use inside of a session",
              "give it to 'coord session'");
}

Result<run::Plan> plan_for(const HoldOptions& options, const cli::Env& env) {
  run::Plan plan;
  plan.command = env.child();
  plan.ttl = std::chrono::ceil<std::chrono::seconds>(options.ttl);
  if (plan.ttl < 1s) return fail(Code::usage, "--ttl must be at least one second");
  COORD_TRY_INTO(plan.grace, grace_for(options, plan.ttl));
  plan.timeout = options.nonblock ? Duration{0} : options.timeout;
  COORD_TRY_INTO(plan.conflict_status, conflict_status(options.conflict_status));
  COORD_TRY_INTO(plan.status_fd, small_number(options.status_fd, "--status-fd", 1 << 20));
  if (plan.status_fd && fcntl(*plan.status_fd, F_GETFD) < 0) {
    return fail(Code::usage,
                fmt::format("--status-fd {}: this descriptor is not open", *plan.status_fd));
  }
  if (options.until_eof && plan.command)
    return fail(Code::usage, "--until-eof is for a hold without CMD: with one, stdin is CMD's");
  plan.until_eof = options.until_eof;
  if (stands_in_session(options, env)) {
    COORD_TRY_INTO(plan.lease, session_lease(env));
  }
  if (options.notify && plan.lease) return refuse_notify();
  plan.notify = options.notify;
  plan.wait_tree = options.wait_tree;
  plan.pass_credentials = options.pass_credentials;
  return plan;
}

Result<std::optional<std::int64_t>> session_lease(const cli::Env& env) {
  const std::string& text = env.globals().session;
  if (text.empty()) return std::nullopt;
  const auto lease = layout::parse_lease(text);
  if (lease && *lease > 0) return lease;
  return fail(Code::config, fmt::format("COORD_SESSION {} is no session", in_quotes(text)),
              "'coord session' sets it; or unset it");
}

recipe::HolderInfo describe_us(const HoldOptions& options, const cli::Env& env) {
  // Coord has gone when somebody asks: it is the script that holds.
  const bool in_session = stands_in_session(options, env) && !env.globals().session.empty();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {.host = host_name(),
          .user = user_name(),
          .pid = in_session ? getppid() : getpid(),
          .program = env.child()  ? base_name(env.child()->front())
                     : in_session ? program_name(getppid())
                                  : "coord",
          .since = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                               fmt::gmtime(std::chrono::system_clock::to_time_t(now))),
          .note = options.note};
}

}  // namespace coord::commands
