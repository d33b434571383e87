#include <fmt/format.h>

#include "cmd/commands/keys/lease.hpp"
#include "coord/base/duration.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

// etcd counts whole seconds; a part of one is rounded up. 0 lets the server choose its least.
Result<std::chrono::seconds> parse_ttl(const std::string& text) {
  COORD_TRY_INTO(const Duration ttl, parse_duration(text));
  return std::chrono::ceil<std::chrono::seconds>(ttl);
}

}  // namespace

Result<int> run_lease_grant(const LeaseGrantOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto ttl, parse_ttl(options.ttl));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto reply = etcd::Lease(*client).grant(env.context(), ttl);
  if (!reply) return std::unexpected(reply.error());
  out::Record record = lease_record(reply->header);
  record.add("ID", "ID", reply->id, out::Zero::keep);
  record.add("TTL", "TTL", reply->ttl.count(), out::Zero::keep);
  record.add("Error", "", out::Text{}, out::Zero::keep);
  record.line(
      fmt::format("lease {} granted with TTL({}s)", lease_text(reply->id), reply->ttl.count()));
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
