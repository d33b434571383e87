#include "cmd/commands/cluster/defrag.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/shared/admin_words.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord defrag\n"
    "coord defrag --cluster --command-timeout 1m\n";

struct Done {};

Result<Done> defragment(etcd::Client& member, const Context& ctx) {
  COORD_TRY(etcd::Maintenance(member).defragment(ctx));
  return Done{};
}

}  // namespace

void define_defrag(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DefragOptions>();
  CLI::App& app = cli::add_command(
      root, {"defrag", "Cluster", "Gives the free space in members' databases back to the disk.",
             kExamples});
  cli::flag(app, "--cluster", options->cluster,
            "every member, not only the endpoints that are given");
  cli::text(app, "--data-dir", options->data_dir, "DIR", "that of a stopped member: see etcdutl");
  registry.add(app, {.run = [options](cli::Env& env) { return run_defrag(*options, env); },
                     .formats = out::kEveryFormat});
}

Result<int> run_defrag(const DefragOptions& options, cli::Env& env) {
  if (options.data_dir) {
    return fail(Code::usage, "--data-dir: coord does not open the files of a stopped member",
                fmt::format("etcdutl defrag --data-dir {}", *options.data_dir));
  }
  COORD_TRY_INTO(const auto endpoints, member_endpoints(env, options.cluster));
  COORD_TRY_INTO(const etcd::Client* client, env.client());
  int status = cli::kDone;
  for (const std::string& endpoint : endpoints) {
    const auto answer = ask_one<Done>(env, *client, endpoint, defragment);
    if (answer.reply) {
      env.out().write(fmt::format("Finished defragmenting etcd member[{}]\n", endpoint));
      COORD_TRY(env.out().flush());
    } else if (etcd::is_refused_login(answer.reply.error())) {
      return std::unexpected(in_context("defrag", answer.reply.error()));
    } else {
      status = tell_error(env, "defrag: " + endpoint, answer.reply.error());
    }
  }
  return status;
}

}  // namespace coord::commands
