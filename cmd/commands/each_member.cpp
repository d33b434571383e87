#include "cmd/commands/each_member.hpp"

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "coord/etcd/cluster.hpp"

namespace coord::commands {

Result<std::vector<std::string>> member_endpoints(cli::Env& env, bool cluster) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  if (!cluster) return client->options().endpoints;
  COORD_TRY_INTO(const auto list, etcd::Cluster(*client).list(env.context()));
  std::vector<std::string> endpoints;
  for (const etcd::Member& member : list.members)
    endpoints.insert(endpoints.end(), member.client_urls.begin(), member.client_urls.end());
  return endpoints;
}

int tell_error(cli::Env& env, const std::string& what, const Error& error) {
  const bool color = cli::wants_color(env.globals().color, env.streams().err);
  std::string text = cli::format_error(in_context(what, error), color);
  text.pop_back();
  (void)env.out().flush();  // what was said before it
  cli::write_line(env.streams().err, text);
  return cli::exit_code(error.code);
}

}  // namespace coord::commands
