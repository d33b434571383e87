#include "coord/recipe/contenders.hpp"

#include <algorithm>
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

constexpr std::int64_t kMostKeys = 256;  // below one name
constexpr std::size_t kMostReads = 100;  // of one transaction; etcd allows 128

// Names that lie under NAME, or under which it lies: of the latter only who holds is of interest.
struct Look {
  std::string name;
  std::string above;  // empty: below NAME
};

std::vector<Look> looks_at(const std::vector<std::string>& names) {
  std::vector<Look> looks;
  for (const std::string& name : names) {
    looks.push_back({name, ""});
    for (std::size_t at = name.find('/', 1); at < name.size(); at = name.find('/', at + 1))
      looks.push_back({name, name.substr(0, at)});
  }
  looks.resize(std::min(looks.size(), kMostReads));
  return looks;
}

etcd::RangeRequest range_of(const Look& look) {
  auto range = look.above.empty()
                   ? etcd::RangeRequest::prefix(layout::lock_prefix(look.name))
                   : etcd::RangeRequest::first_created(layout::lock_prefix(look.above));
  if (look.above.empty()) range.limit = kMostKeys;
  range.keys_only = true;
  return range;
}

std::optional<Nesting> nesting_in(const Look& look, const etcd::RangeReply& reply,
                                  std::int64_t own_lease) {
  for (const etcd::KeyValue& kv : reply.kvs) {
    const auto other = lock_name(kv);
    if (!other || kv.lease == own_lease) continue;
    if (look.above.empty() && *other != look.name) return Nesting{look.name, *other};
    if (!look.above.empty() && *other == look.above) return Nesting{look.above, look.name};
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Nesting>> nesting_of(etcd::Client& client, const Context& ctx,
                                          const std::vector<std::string>& names,
                                          std::int64_t own_lease) {
  const std::vector<Look> looks = looks_at(names);
  etcd::Txn txn;
  for (const Look& look : looks) txn.then(range_of(look));
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (auto found = nesting_in(looks[i], reply.range(i), own_lease)) return found;
  }
  return std::nullopt;
}

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
