#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/sessions/session.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::commands {
namespace {

// "root@web1 pid 12 (deploy.sh) for 3m, "note": a/12ab, b/12ab"
out::Record describe(const recipe::Contender& one, const etcd::LeaseTimeToLive& lease) {
  out::Record record;
  out::List keys;
  std::string held;
  for (const std::string& key : lease.keys) {
    if (key == one.kv.key) continue;
    keys.emplace_back(out::Readable{key});
    held += (held.empty() ? "" : ", ") + printable(key);
  }
  record.add("session", "Session", out::Text{layout::lease_hex(one.kv.lease)});
  add_info(record, one.info);
  record.add("ttl_left", "TTLLeft", lease.ttl.count()).add("keys", "", std::move(keys));
  record.line(fmt::format("{} {}{}{}: {}", layout::lease_hex(one.kv.lease), who_is(one),
                          for_age(one), note_of(one), held.empty() ? "holds nothing" : held));
  return record;
}

Result<int> list_sessions(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto all = etcd::RangeRequest::prefix(layout::session_prefix());
  COORD_TRY_INTO(const auto reply, etcd::Kv(*client).range(env.context(), all));
  for (const etcd::KeyValue& kv : reply.kvs) {
    COORD_TRY_INTO(const auto lease,
                   etcd::Lease(*client).time_to_live(env.context(), kv.lease, true));
    const recipe::Contender one{kv, "", recipe::HolderInfo::from_json(kv.value), std::nullopt};
    if (lease.ttl.count() >= 0) env.print(describe(one, lease));  // else it has ended meanwhile
  }
  return reply.kvs.empty() ? cli::kNo : cli::kDone;
}

}  // namespace

Result<int> run_session_list(cli::Env& env) {
  auto status = list_sessions(env);
  if (!status) return std::unexpected(in_context("session list", std::move(status).error()));
  return status;
}

}  // namespace coord::commands
