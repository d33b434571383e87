#include "cmd/commands/cluster/check.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/shared/progress.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kGroup = "Commands";
constexpr Duration kCleanLimit = 60s;

using Run = Result<int> (*)(const CheckOptions&, cli::Env&);

CLI::App& define(CLI::App& check, cli::Registry& registry, const cli::CommandText& text, Run run,
                 const std::shared_ptr<CheckOptions>& options) {
  CLI::App& app = cli::add_command(check, text);
  cli::text(app, "--load", options->load, "LOAD", "s, m, l or xl (s)");
  cli::text(app, "--prefix", options->prefix, "PREFIX", "where it writes; nothing may be there");
  cli::flag(app, "--auto-compact", options->auto_compact, "compact the store afterwards");
  cli::flag(app, "--auto-defrag", options->auto_defrag, "defragment the endpoints afterwards");
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); }});
  return app;
}

// Runs under a context of its own: also after a signal.
Result<> clean(const CheckOptions& options, cli::Env& env, etcd::Client& client,
               recipe::Load& load) {
  const Context ctx = Context::within(kCleanLimit);
  COORD_TRY_INTO(const auto revision, load.clean(ctx));
  if (options.auto_compact) COORD_TRY(etcd::Kv(client).compact(ctx, revision, true));
  if (!options.auto_defrag) return {};
  for (const std::string& endpoint : client.options().endpoints) {
    COORD_TRY_INTO(const auto member, etcd::client_of_one(client, endpoint));
    COORD_TRY(etcd::Maintenance(*member).defragment(ctx));
    env.note("coord: check: defragmented " + endpoint);
  }
  return {};
}

}  // namespace

void define_check(CLI::App& root, cli::Registry& registry) {
  CLI::App& check = cli::add_command(
      root, {"check", "Cluster", "Measures whether the cluster is fast and large enough.",
             "coord check perf\ncoord check perf --load m"});
  const auto perf = std::make_shared<CheckOptions>();
  perf->prefix = "/etcdctl-check-perf/";
  CLI::App& app = define(check, registry,
                         {"perf", kGroup, "Writes for a minute, and says whether that went well.",
                          "coord check perf\ncoord check perf --load l --auto-compact"},
                         run_check_perf, perf);
  cli::duration(app, "--duration", perf->duration, "how long (1m)");
  const auto scale = std::make_shared<CheckOptions>();
  scale->prefix = "/etcdctl-check-datascale/";
  define(
      check, registry,
      {"datascale", kGroup, "Writes many keys, and says how much memory the servers take for them.",
       "coord check datascale\ncoord check datascale --load m --auto-compact --auto-defrag"},
      run_check_datascale, scale);
}

Result<recipe::LoadOutcome> run_load(const CheckOptions& options, cli::Env& env,
                                     const recipe::LoadPlan& plan, const Context& ctx,
                                     const std::function<void()>& before_clean) {
  if (plan.prefix.empty()) return fail(Code::usage, "--prefix: all that is under it is deleted");
  COORD_TRY_INTO(etcd::Client * client, env.client());
  recipe::Load load(*client, plan);
  COORD_TRY_INTO(const bool clear, load.is_clear(ctx.at_most(env.globals().command_timeout)));
  if (!clear) {
    return fail(Code::bad_data, fmt::format("there are keys under '{}'", plan.prefix),
                fmt::format("if they are of no use: coord del --prefix {}", plan.prefix));
  }
  Progress progress(env, "check");
  const auto outcome = load.run(ctx, [&](std::int64_t done) {
    if (progress.due()) progress.tell(fmt::format("{} of {} writes", done, plan.count));
  });
  if (outcome) before_clean();
  COORD_TRY(clean(options, env, *client, load));
  return outcome;
}

bool tell_errors(const recipe::LoadOutcome& outcome, cli::Env& env) {
  if (outcome.errors.empty()) return false;
  env.out().write("FAIL: too many errors\n");
  for (const auto& [message, times] : outcome.errors)
    env.out().write(fmt::format("FAIL: ERROR({}) -> {}\n", message, times));
  return true;
}

}  // namespace coord::commands
