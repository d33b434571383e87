#include <fmt/format.h>

#include "cmd/commands/keys/lease.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

void show(const etcd::LeaseKeepAlive& reply, cli::Env& env) {
  out::Record record = lease_record(reply.header);
  record.add("ID", "ID", reply.id, out::Zero::keep);
  record.add("TTL", "TTL", reply.ttl.count(), out::Zero::keep);
  record.line(
      fmt::format("lease {} keepalived with TTL({})", lease_text(reply.id), reply.ttl.count()));
  env.printer().message([&] { return etcd::wire(reply); });
  env.print(record);
}

Result<int> renew_once(etcd::Lease& lease, std::int64_t id, cli::Env& env) {
  COORD_TRY_INTO(const auto reply, lease.keep_alive_once(env.context(), id));
  if (reply.ttl <= 0s) return fail(Code::not_found, "there is no such lease");
  show(reply, env);
  return 0;
}

// A server that does not answer is tried again for as long as the lease may still be alive.
Result<int> renew_for_ever(etcd::Lease& lease, std::int64_t id, cli::Env& env) {
  BootTime expiry{};
  while (true) {
    const auto reply = lease.keep_alive_once(env.context(), id);
    if (!reply && (reply.error().code == Code::cancelled || BootClock::now() >= expiry)) {
      return std::unexpected(reply.error());
    }
    if (!reply) {
      env.note(reply.error().message);
      Context(env.stop()).sleep(500ms);
      continue;
    }
    if (reply->ttl <= 0s) break;
    show(*reply, env);
    COORD_TRY(env.out().flush());
    expiry = after(reply->sent, reply->ttl);
    Context(env.stop()).sleep(std::max<Duration>(reply->ttl / 3, 500ms));
  }
  env.printer().line({fmt::format("lease {} expired or revoked.", lease_text(id))});
  return 0;
}

}  // namespace

Result<int> run_lease_keep_alive(const LeaseKeepAliveOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto id, parse_lease_id(options.lease));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  etcd::Lease lease(*client);
  auto status = options.once ? renew_once(lease, id, env) : renew_for_ever(lease, id, env);
  if (!status)
    return std::unexpected(about("lease keep-alive", lease_text(id), std::move(status).error()));
  return status;
}

}  // namespace coord::commands
