#include "coord/recipe/contenders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::recipe {
namespace {

// The lock that a key says it is of, if it hangs on the lease that it names.
std::optional<std::string> lock_name(const etcd::KeyValue& kv) {
  const auto parsed = layout::parse_lock_key(kv.key);
  if (!parsed || parsed->lease != kv.lease) return std::nullopt;
  return parsed->name;
}

std::optional<std::chrono::seconds> ttl_of(etcd::Client& client, const Context& ctx,
                                           std::int64_t lease) {
  if (lease == 0) return std::nullopt;
  const auto left = etcd::Lease(client).time_to_live(ctx, lease, false);
  if (!left || left->ttl.count() < 0) return std::nullopt;
  return left->ttl;
}

// The holders of an election's candidates by their keys; empty also where they may not be read.
Result<std::map<std::string, std::string>> holders_of(etcd::Client& client, const Context& ctx,
                                                      const std::string& name) {
  std::map<std::string, std::string> holders;
  auto reply = etcd::Kv(client).range(ctx, etcd::RangeRequest::prefix(layout::holder_prefix(name)));
  if (!reply && reply.error().code != Code::denied) return std::unexpected(reply.error());
  if (!reply) return holders;
  for (etcd::KeyValue& kv : reply->kvs) holders.emplace(kv.key, std::move(kv.value));
  return holders;
}

// Who stands behind the candidates of an election, as far as they said so.
Result<> add_holders(etcd::Client& client, const Context& ctx, const std::string& name,
                     std::vector<Contender>& line) {
  if (std::ranges::all_of(line, [](const auto& one) { return one.info.has_value(); })) return {};
  COORD_TRY_INTO(const auto holders, holders_of(client, ctx, name));
  for (Contender& one : line) {
    const auto holder = holders.find(layout::holder_key(one.kv.key));
    const bool known = holder != holders.end();
    if (known) one.info = HolderInfo::from_json(holder->second);
    if (known || (!one.info && !one.kv.value.empty())) one.proposal = one.kv.value;
  }
  return {};
}

}  // namespace

Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl) {
  auto all = etcd::RangeRequest::first_created(layout::lock_prefix(name));
  all.limit = 0;
  COORD_TRY_INTO(const etcd::RangeReply reply, etcd::Kv(client).range(ctx, all));
  std::vector<Contender> contenders;
  for (const etcd::KeyValue& kv : reply.kvs) {
    Contender contender{kv, lock_name(kv).value_or(name), HolderInfo::from_json(kv.value),
                        std::nullopt, std::nullopt};
    if (with_ttl) contender.ttl_left = ttl_of(client, ctx, kv.lease);
    contenders.push_back(std::move(contender));
  }
  COORD_TRY(add_holders(client, ctx, name, contenders));
  return contenders;
}

Result<std::vector<std::string>> held_names(etcd::Client& client, const Context& ctx) {
  auto everything = etcd::RangeRequest::prefix("");
  everything.keys_only = true;
  etcd::RangePages pages(client, everything);
  std::set<std::string> names;
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(ctx));
    if (!page) return std::vector<std::string>(names.begin(), names.end());
    for (const etcd::KeyValue& kv : page->kvs) {
      if (const auto name = lock_name(kv)) names.insert(*name);
    }
  }
}

}  // namespace coord::recipe
