#include "cmd/commands/sessions/session.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/sessions/session_claim.hpp"
#include "cmd/run/hold.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

void define_start(CLI::App& session, cli::Registry& registry) {
  const auto options = std::make_shared<SessionStartOptions>();
  options->hold.own_lease = true;  // another session may be around us
  CLI::App& app = cli::add_command(
      session,
      {"start", kGroup, "Keeps a session in the background and prints what a shell has to eval.",
       "eval \"$(coord session start)\"\n"
       "eval \"$(coord session start --detach --ttl 1m)\""});
  cli::duration(app, "--ttl", options->hold.ttl, "how long it outlives a coord that died (15s)");
  cli::text(app, "--note", options->hold.note, "TEXT", "shown by 'coord session list'");
  cli::flag(app, "--detach", options->detach,
            "do not end with the shell that called, nor end that when the session is lost");
  registry.add(app, {.run = [options](cli::Env& env) { return run_session_start(*options, env); }});
}

void define_stop(CLI::App& session, cli::Registry& registry) {
  CLI::App& app = cli::add_command(
      session, {"stop", kGroup, "Ends the session and gives back all it holds.",
                "eval \"$(coord session stop)\"\neval \"$(coord session stop -q)\""});
  registry.add(app, {.run = [](cli::Env& env) { return run_session_stop(env); }});
}

void define_list(CLI::App& session, cli::Registry& registry) {
  CLI::App& app = cli::add_command(
      session, {"list", kGroup, "Lists the sessions that there are, and what they hold.",
                "coord session list\ncoord session list --json"});
  registry.add(app, {.run = [](cli::Env& env) { return run_session_list(env); },
                     .formats = out::kRowFormats});
}

}  // namespace

void define_session(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<HoldOptions>();
  CLI::App& app = cli::add_command(
      root, {"session", "Sessions",
             "Runs a script with one lease, under which it takes and gives back locks.",
             "coord session -- ./deploy.sh\n"
             "coord session -- sh -c 'coord lock db && migrate && coord unlock db && report'"});
  add_hold_options(app, *options);
  add_notify_option(app, options->notify);
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_session(*options, env); },
                     .tail = cli::kCommandBehindMark});
  define_start(app, registry);
  define_stop(app, registry);
  define_list(app, registry);
}

Result<int> run_session(const HoldOptions& options, cli::Env& env) {
  if (!env.child())
    return fail(Code::usage, "session: there is no CMD",
                "coord session -- CMD, or eval \"$(coord session start)\"");
  COORD_TRY_INTO(run::Plan plan, plan_for(options, env));
  plan.claim = std::make_unique<SessionClaim>(describe_us(options, env));
  return run::hold(std::move(plan), env);
}

}  // namespace coord::commands
