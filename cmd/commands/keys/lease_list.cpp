#include <fmt/format.h>

#include "cmd/commands/keys/lease.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {

Result<int> run_lease_list(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto reply = etcd::Lease(*client).list(env.context());
  if (!reply) return std::unexpected(reply.error());
  out::Record record = lease_record(reply->header);
  out::List leases;
  record.line(fmt::format("found {} leases", reply->leases.size()));
  for (const std::int64_t id : reply->leases) {
    leases.emplace_back(out::Fields{{"id", "ID", id}});
    record.line(lease_text(id));
  }
  record.add("leases", "", std::move(leases), out::Zero::keep);
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
