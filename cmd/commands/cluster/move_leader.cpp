#include "cmd/commands/cluster/move_leader.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "coord/etcd/cluster.hpp"

namespace coord::commands {
namespace {

struct Leader {
  std::uint64_t id = 0;
  std::string endpoint;
};

// The client URL of a member that none of our endpoints is.
Result<Leader> find_by_id(cli::Env& env, etcd::Client& client, std::uint64_t id) {
  COORD_TRY_INTO(const auto list, etcd::Cluster(client).list(env.context()));
  for (const etcd::Member& member : list.members) {
    if (member.id == id && !member.client_urls.empty()) return Leader{id, member.client_urls[0]};
  }
  return fail(Code::unavailable, "the leader has no client URL");
}

Result<Leader> find_leader(cli::Env& env, etcd::Client& client) {
  const auto answers = ask_each<etcd::MemberStatus>(env, client, client.options().endpoints,
                                                    [](etcd::Client& member, const Context& ctx) {
                                                      return etcd::Maintenance(member).status(ctx);
                                                    });
  std::uint64_t known = 0;
  std::optional<Error> error;
  for (const auto& answer : answers) {
    if (!answer.reply) {
      error = answer.reply.error();
    } else if (answer.reply->is_leader()) {
      return Leader{answer.reply->leader, answer.endpoint};
    } else if (answer.reply->leader != 0) {
      known = answer.reply->leader;
    }
  }
  if (known != 0) return find_by_id(env, client, known);
  if (error) return std::unexpected(*error);
  return fail(Code::unavailable, "there is no leader",
              "a majority of the members must be up and see each other");
}

}  // namespace

void define_move_leader(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<MoveLeaderOptions>();
  CLI::App& app = cli::add_command(
      root, {"move-leader", "Cluster", "Hands the cluster's leadership to another member.",
             "coord move-leader 984e88244e3bc66f\ncoord --endpoints a:2379,b:2379,c:2379 "
             "move-leader 984e88244e3bc66f"});
  cli::operand(app, "MEMBER", options->id,
               "the member that shall lead, as 'coord member list' has it");
  registry.add(app, {.run = [options](cli::Env& env) { return run_move_leader(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<int> run_move_leader(const MoveLeaderOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto target, parse_member_id(options.id));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto leader = find_leader(env, *client);
  if (!leader) return std::unexpected(about("move-leader", options.id, leader.error()));
  COORD_TRY_INTO(const auto member, etcd::client_of_one(*client, leader->endpoint));
  const auto moved = etcd::Maintenance(*member).move_leader(env.context(), target);
  if (!moved) return std::unexpected(about("move-leader", options.id, moved.error()));
  out::Record record;
  record.line(fmt::format("Leadership transferred from {} to {}", padded_id_text(leader->id),
                          padded_id_text(target)));
  env.print(record);
  return 0;
}

}  // namespace coord::commands
