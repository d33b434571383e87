#include <fmt/format.h>

#include "cmd/commands/keys/lease.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {

Result<int> run_lease_revoke(const LeaseRevokeOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto id, parse_lease_id(options.lease));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto header = etcd::Lease(*client).revoke(env.context(), id);
  if (!header) return std::unexpected(about("lease revoke", lease_text(id), header.error()));
  out::Record record;
  record.fields.push_back(header_field(*header));
  record.line(fmt::format("lease {} revoked", lease_text(id)));
  env.printer().message([&] { return etcd::wire(*header); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
