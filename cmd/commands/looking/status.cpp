#include "cmd/commands/looking/status.hpp"

#include <span>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord status\n"
    "coord --endpoints a:2379,b:2379,c:2379 status --json | jq -r .state\n"
    "coord --namespace app/ status";

// Nobody answered: why each of them did not.
Error nobody(const recipe::Health& health) {
  Error error = health.members.front().status.error();
  for (const recipe::MemberHealth& one : std::span(health.members).subspan(1))
    error.message += "; " + one.status.error().message;
  return in_context("status", std::move(error));
}

Result<int> no_leader(const etcd::Client& client) {
  return fail(Code::unavailable, "status: the cluster has no leader at " + client.endpoints(),
              "more than half of the members must be up and see each other");
}

}  // namespace

void define_status(CLI::App& root, cli::Registry& registry) {
  CLI::App& app = cli::add_command(
      root,
      {"status", "Looking",
       "Tells how the cluster is, and counts what keys look like: locks, queues …", kExamples});
  registry.add(app, {.run = [](cli::Env& env) { return run_status(env); }});
}

Result<int> run_status(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const Context ctx(env.stop());
  const recipe::Health health = recipe::look_at_health(*client, ctx);
  COORD_TRY(ctx.check("status"));
  if (!health.newest) return std::unexpected(nobody(health));
  const Result<recipe::Census> census =
      health.leader() == 0 ? Result<recipe::Census>(fail(Code::unavailable, "no leader"))
                           : recipe::take_census(*client, ctx, env.globals().command_timeout);
  env.print(status_record(health, census));
  if (health.leader() == 0) return no_leader(*client);
  if (census) return cli::kDone;
  return std::unexpected(in_context("status: the keys could not be counted", census.error()));
}

}  // namespace coord::commands
