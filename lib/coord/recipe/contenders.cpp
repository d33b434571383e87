#include "coord/recipe/contenders.hpp"

#include <algorithm>
#include <set>

#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::recipe {
namespace {

// What a key says it is of: a lock, if it hangs on the lease that it names; or a rwlock.
std::optional<std::string> name_of(const etcd::KeyValue& kv) {
  if (const auto parsed = layout::parse_rwlock_key(kv.key); parsed && kv.lease != 0)
    return parsed->name;
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

std::optional<layout::Access> access_of(const std::string& key, const std::string& name) {
  const auto parsed = layout::parse_rwlock_key(key);
  if (!parsed || parsed->name != name) return std::nullopt;
  return parsed->access;
}

// By the rules of rwlock.hpp and semaphore.hpp, of which a lock's is the simplest case.
void mark_holders(std::vector<Contender>& line) {
  bool only_readers = true;
  std::vector<Share> older;
  for (Contender& one : line) {
    const bool reads = one.access == layout::Access::read;
    one.holds = reads ? only_readers : in_the_way(older, one.share) == 0;
    only_readers = only_readers && reads;
    older.push_back(one.share);
  }
}

}  // namespace

Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl) {
  auto all = etcd::RangeRequest::first_created(layout::lock_prefix(name));
  all.limit = 0;
  COORD_TRY_INTO(const etcd::RangeReply reply, etcd::Kv(client).range(ctx, all));
  std::vector<Contender> contenders;
  for (const etcd::KeyValue& kv : reply.kvs) {
    Contender contender{kv,           name_of(kv).value_or(name), HolderInfo::from_json(kv.value),
                        std::nullopt, access_of(kv.key, name),    share_of(kv.value)};
    if (with_ttl) contender.ttl_left = ttl_of(client, ctx, kv.lease);
    contenders.push_back(std::move(contender));
  }
  mark_holders(contenders);
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
      if (const auto name = name_of(kv)) names.insert(*name);
    }
  }
}

}  // namespace coord::recipe
