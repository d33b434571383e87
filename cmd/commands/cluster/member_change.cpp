// What changes the members.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/cli/settings.hpp"
#include "cmd/commands/cluster/member.hpp"
#include "cmd/commands/cluster/member_records.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/base/bytes.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {
namespace {

Result<std::vector<std::string>> parse_urls(const std::string& text) {
  const auto urls = cli::split_csv(text);
  if (text.empty()) return fail(Code::usage, "the URL of --peer-urls is missing");
  if (!urls) return fail(Code::usage, fmt::format("--peer-urls: '{}'", text));
  for (const std::string& url : *urls) {
    const bool known = url.starts_with("http://") || url.starts_with("https://") ||
                       url.starts_with("unix://") || url.starts_with("unixs://");
    if (!known)
      return fail(Code::usage, fmt::format("--peer-urls: '{}' is not a URL", url),
                  "write http://HOST:PORT or https://HOST:PORT");
  }
  return *urls;
}

// NAME=URL of all, as etcd's --initial-cluster wants it. The new one does not know its name yet.
std::string initial_cluster(const etcd::MemberAdd& added, const std::string& name) {
  std::vector<std::string> parts;
  for (const etcd::Member& member : added.members) {
    const std::string& called = member.id == added.member.id ? name : member.name;
    for (const std::string& url : member.peer_urls) parts.push_back(called + '=' + url);
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

using Change = Result<etcd::MemberList> (*)(etcd::Cluster&, const Context&, std::uint64_t,
                                            const std::vector<std::string>&);

Result<int> change(const MemberChangeOptions& options, cli::Env& env, const char* request,
                   const char* done, const std::vector<std::string>& urls, Change ask) {
  COORD_TRY_INTO(const auto id, parse_member_id(options.id));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  etcd::Cluster cluster(*client);
  const auto reply = ask(cluster, env.context(), id, urls);
  if (!reply) return std::unexpected(about(request, options.id, reply.error()));
  out::Record record = member_record(reply->header, reply->members);
  record.line(fmt::format("Member {} {} cluster {}", padded_id_text(id), done,
                          padded_id_text(reply->header.cluster_id)));
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(record);
  return 0;
}

}  // namespace

Result<int> run_member_add(const MemberAddOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto urls, parse_urls(options.peer_urls));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto added = etcd::Cluster(*client).add(env.context(), urls, options.learner);
  if (!added) return std::unexpected(about("member add", options.name, added.error()));
  out::Record record = member_record(added->header, added->members);
  record.fields.insert(record.fields.begin() + 1, {"member", "", member_fields(added->member)});
  record.line(fmt::format("Member {} added to cluster {}", padded_id_text(added->member.id),
                          padded_id_text(added->header.cluster_id)));
  record.line("");
  record.line("ETCD_NAME=" + go_quote(options.name));
  record.line("ETCD_INITIAL_CLUSTER=" + go_quote(initial_cluster(*added, options.name)));
  record.line("ETCD_INITIAL_ADVERTISE_PEER_URLS=" + go_quote(options.peer_urls));
  record.line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
  env.printer().message([&] { return etcd::wire(*added); });
  env.print(record);
  return 0;
}

Result<int> run_member_remove(const MemberChangeOptions& options, cli::Env& env) {
  return change(
      options, env, "member remove", "removed from", {},
      [](auto& cluster, const auto& ctx, auto id, const auto&) { return cluster.remove(ctx, id); });
}

Result<int> run_member_update(const MemberChangeOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto urls, parse_urls(options.peer_urls));
  return change(options, env, "member update", "updated in", urls,
                [](auto& cluster, const auto& ctx, auto id, const auto& all) {
                  return cluster.update(ctx, id, all);
                });
}

Result<int> run_member_promote(const MemberChangeOptions& options, cli::Env& env) {
  return change(options, env, "member promote", "promoted in", {},
                [](auto& cluster, const auto& ctx, auto id, const auto&) {
                  return cluster.promote(ctx, id);
                });
}

}  // namespace coord::commands
