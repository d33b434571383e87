#include "coord/recipe/nesting.hpp"

#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {
namespace {

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
    const auto other = layout::parse_lock_key(kv.key);
    if (!other || other->lease != kv.lease || kv.lease == own_lease) continue;
    if (look.above.empty() && other->name != look.name) return Nesting{look.name, other->name};
    if (!look.above.empty() && other->name == look.above) return Nesting{look.above, look.name};
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

}  // namespace coord::recipe
