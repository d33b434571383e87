#include "cmd/commands/cluster/each_member.hpp"

#include <algorithm>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "coord/etcd/cluster.hpp"

namespace coord::commands {
namespace {

// A socket without a folder, as `coord local` has it: it says nothing to anybody who is not in the
// member's own.
bool is_usable(const std::string& url) { return !url.starts_with("unix") || url.contains(":///"); }

bool has_usable(const etcd::Member& member) {
  return std::ranges::all_of(member.client_urls, is_usable);
}

using Answers = std::vector<Answer<etcd::MemberStatus>>;

Answers ask_who_they_are(cli::Env& env, const etcd::Client& client) {
  return ask_each<etcd::MemberStatus>(
      env, client, client.options().endpoints,
      [](etcd::Client& one, const Context& ctx) { return etcd::Maintenance(one).status(ctx); });
}

// Which of the client's endpoints is that member?
std::optional<std::string> endpoint_of(const Answers& answers, std::uint64_t member) {
  for (const auto& answer : answers)
    if (answer.reply && answer.reply->header.member_id == member) return answer.endpoint;
  return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>> member_endpoints(cli::Env& env, bool cluster) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  if (!cluster) return client->options().endpoints;
  COORD_TRY_INTO(const auto list, etcd::Cluster(*client).list(env.context()));
  Answers answers;
  if (!std::ranges::all_of(list.members, has_usable)) answers = ask_who_they_are(env, *client);
  std::vector<std::string> endpoints;
  for (const etcd::Member& member : list.members) {
    const auto own = has_usable(member) ? std::nullopt : endpoint_of(answers, member.id);
    if (own) endpoints.push_back(*own);
    if (!own)
      endpoints.insert(endpoints.end(), member.client_urls.begin(), member.client_urls.end());
  }
  return endpoints;
}

int tell_error(cli::Env& env, const std::string& what, const Error& error) {
  (void)env.out().flush();  // what was said before it
  cli::write_line(env.streams().err, cli::spoken(in_context(what, error), env.color()));
  return cli::exit_code(error.code);
}

}  // namespace coord::commands
