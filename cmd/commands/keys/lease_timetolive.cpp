#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/commands/keys/lease.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

std::string sentence(const etcd::LeaseTimeToLive& reply, bool keys) {
  if (reply.ttl.count() < 0) return fmt::format("lease {} already expired", lease_text(reply.id));
  std::string text =
      fmt::format("lease {} granted with TTL({}s), remaining({}s)", lease_text(reply.id),
                  reply.granted_ttl.count(), reply.ttl.count());
  if (keys) text += fmt::format(", attached keys([{}])", fmt::join(reply.keys, " "));
  return text;
}

// null and not [] where there is none, as Go shows a slice that was never made.
out::Value key_list(const std::vector<std::string>& keys) {
  out::List list;
  for (const std::string& key : keys) list.emplace_back(out::Bytes{key});
  return list.empty() ? out::Value() : out::Value(std::move(list));
}

}  // namespace

Result<int> run_lease_timetolive(const LeaseTimetoliveOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto id, parse_lease_id(options.lease));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto reply = etcd::Lease(*client).time_to_live(env.context(), id, options.keys);
  if (!reply) return std::unexpected(about("lease timetolive", lease_text(id), reply.error()));
  out::Record record = lease_record(reply->header);
  record.add("id", "ID", reply->id, out::Zero::keep);
  record.add("ttl", "TTL", reply->ttl.count(), out::Zero::keep);
  record.add("granted-ttl", "GrantedTTL", reply->granted_ttl.count(), out::Zero::keep);
  record.add("keys", reply->keys.empty() ? "" : "Key", key_list(reply->keys), out::Zero::keep);
  record.line(sentence(*reply, options.keys));
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
