#include <fmt/format.h>

#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/cluster/endpoint.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"

namespace coord::commands {
namespace {

out::Record record_of(const std::string& endpoint, const etcd::HashKv& reply) {
  const auto hash = static_cast<std::int64_t>(reply.hash);
  out::Record record;
  record.add("Endpoint", "", out::Text{endpoint}, out::Zero::keep);
  record.add("HashKV", "",
             out::Fields{header_field(reply.header),
                         {"hash", "", hash},
                         {"compact_revision", "", reply.compact_revision},
                         {"hash_revision", "", reply.hash_revision}});
  record.add("", "Endpoint", out::Text{endpoint});
  record.add("", "Hash", hash);
  record.fields.push_back(gap());
  record.row({{"ENDPOINT", endpoint}, {"HASH", std::to_string(hash)}});
  record.line(fmt::format("{}, {}", endpoint, hash));
  return record;
}

}  // namespace

Result<int> run_endpoint_hashkv(const EndpointOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto endpoints, member_endpoints(env, options.cluster));
  COORD_TRY_INTO(const etcd::Client* client, env.client());
  const auto answers = ask_each<etcd::HashKv>(
      env, *client, endpoints, [&](etcd::Client& member, const Context& ctx) {
        return etcd::Maintenance(member).hash_kv(ctx, options.revision);
      });
  return show_each(env, "endpoint hashkv", answers, record_of);
}

}  // namespace coord::commands
