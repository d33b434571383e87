#include "coord/recipe/range_diff.hpp"

#include <iterator>

namespace coord::recipe {
namespace {

etcd::RangeRequest request(const DiffRange& range, std::int64_t revision) {
  return {.key = range.key, .range_end = range.range_end, .revision = revision};
}

etcd::KeyValue pop(std::deque<etcd::KeyValue>& kvs) {
  etcd::KeyValue kv = std::move(kvs.front());
  kvs.pop_front();
  return kv;
}

}  // namespace

RangeDiff::RangeDiff(etcd::Client& client, const DiffRange& range, std::int64_t page_size)
    : before_{etcd::RangePages(client, request(range, range.from), page_size), {}},
      after_{etcd::RangePages(client, request(range, range.to), page_size), {}},
      to_(range.to) {}

Result<> RangeDiff::fill(const Context& ctx, Duration patience, Side& side) {
  while (side.kvs.empty() && !side.over) {
    COORD_TRY_INTO(auto page, side.pages.next(ctx.at_most(patience)));
    side.over = !page;
    if (!page) continue;
    if (&side == &after_ && to_ == 0) to_ = page->header.revision;
    std::ranges::move(page->kvs, std::back_inserter(side.kvs));
  }
  return {};
}

Result<std::optional<KeyChange>> RangeDiff::next(const Context& ctx, Duration patience) {
  for (;;) {
    COORD_TRY(fill(ctx, patience, after_));
    COORD_TRY(fill(ctx, patience, before_));
    if (before_.kvs.empty() && after_.kvs.empty()) return std::nullopt;
    KeyChange change = take();
    const bool same = change.before && change.after && change.before->value == change.after->value;
    if (!same) return change;
  }
}

// Of the two keys that are next, the one that is less; both if they are one.
KeyChange RangeDiff::take() {
  KeyChange change;
  const bool both = !before_.kvs.empty() && !after_.kvs.empty();
  const int order = both ? before_.kvs.front().key.compare(after_.kvs.front().key)
                         : (before_.kvs.empty() ? 1 : -1);
  if (order <= 0) change.before = pop(before_.kvs);
  if (order >= 0) change.after = pop(after_.kvs);
  return change;
}

}  // namespace coord::recipe
