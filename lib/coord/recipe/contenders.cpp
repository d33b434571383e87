#include "coord/recipe/contenders.hpp"

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

}  // namespace

Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl) {
  auto all = etcd::RangeRequest::first_created(layout::lock_prefix(name));
  all.limit = 0;
  COORD_TRY_INTO(const etcd::RangeReply reply, etcd::Kv(client).range(ctx, all));
  std::vector<Contender> contenders;
  for (const etcd::KeyValue& kv : reply.kvs) {
    Contender contender{kv, lock_name(kv).value_or(name), HolderInfo::from_json(kv.value),
                        std::nullopt};
    if (with_ttl) contender.ttl_left = ttl_of(client, ctx, kv.lease);
    contenders.push_back(std::move(contender));
  }
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
