#include "coord/recipe/contenders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "coord/base/layout.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {
namespace {

// What a key says it is of: a lock, if it hangs on the lease that it names; or a rwlock.
std::optional<std::string> name_of(const etcd::KeyValue& kv) {
  if (const auto parsed = layout::parse_rwlock_key(kv.key); parsed && kv.lease != 0)
    return parsed->name;
  const auto parsed = layout::parse_lock_key(kv.key);
  if (!parsed || parsed->lease != kv.lease || layout::is_alive_key(kv.key)) return std::nullopt;
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

// All in order, as they were at REVISION; 0: now.
Result<std::vector<Contender>> line_of(etcd::Client& client, const Context& ctx,
                                       const std::string& name, std::int64_t revision) {
  auto all = etcd::RangeRequest::first_created(layout::lock_prefix(name));
  all.limit = 0;
  all.revision = revision;
  COORD_TRY_INTO(const etcd::RangeReply reply, etcd::Kv(client).range(ctx, all));
  std::vector<Contender> line;
  line.reserve(reply.kvs.size());
  for (const etcd::KeyValue& kv : reply.kvs) {
    line.push_back({.kv = kv,
                    .name = name_of(kv).value_or(name),
                    .info = HolderInfo::from_json(kv.value),
                    .access = access_of(kv.key, name),
                    .share = share_of(kv.value)});
  }
  mark_holders(line);
  return line;
}

}  // namespace

Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl) {
  COORD_TRY_INTO(auto contenders, line_of(client, ctx, name, 0));
  for (Contender& one : contenders) {
    if (with_ttl) one.ttl_left = ttl_of(client, ctx, one.kv.lease);
  }
  COORD_TRY(add_holders(client, ctx, name, contenders));
  return contenders;
}

Result<bool> held_at(etcd::Client& client, const Context& ctx, const std::string& key,
                     std::int64_t revision) {
  const auto rwlock = layout::parse_rwlock_key(key);
  const auto lock = layout::parse_lock_key(key);
  if (!rwlock && !lock) return true;
  COORD_TRY_INTO(const auto line,
                 line_of(client, ctx, rwlock ? rwlock->name : lock->name, revision));
  const auto found = std::ranges::find(line, key, [](const auto& one) { return one.kv.key; });
  return found == line.end() || found->holds;
}

Result<std::vector<std::string>> held_names(etcd::Client& client, const Context& ctx) {
  auto everything = etcd::RangeRequest::prefix("");
  everything.keys_only = true;
  etcd::RangePages pages(client, everything);
  std::set<std::string> names;
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(ctx.at_most(kRequestLimit)));
    if (!page) return std::vector<std::string>(names.begin(), names.end());
    for (const etcd::KeyValue& kv : page->kvs) {
      if (const auto name = name_of(kv)) names.insert(*name);
    }
  }
}

}  // namespace coord::recipe
