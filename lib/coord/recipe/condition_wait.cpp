#include "coord/recipe/condition_wait.hpp"

#include <algorithm>
#include <utility>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {
namespace {

constexpr std::size_t kMostReads = 100;  // of a transaction; etcd takes 128

std::vector<etcd::WatchRequest> watches_for(const std::vector<Condition>& conditions) {
  std::vector<etcd::WatchRequest> requests;
  for (const Condition& condition : conditions) {
    const auto range = condition.request();
    const auto same = [&](const etcd::WatchRequest& other) {
      return other.key == range.key && other.range_end == range.range_end;
    };
    if (std::ranges::none_of(requests, same))
      requests.push_back({.key = range.key, .range_end = range.range_end});
  }
  return requests;
}

}  // namespace

ConditionWait::ConditionWait(etcd::Client& client, std::vector<Condition> conditions)
    : client_(&client),
      conditions_(std::move(conditions)),
      changes_(client, watches_for(conditions_)) {}

Result<ConditionWait::Seen> ConditionWait::look(const Context& ctx) const {
  Seen seen;
  while (seen.found.size() < conditions_.size()) COORD_TRY(read(ctx, seen.found.size(), seen));
  return seen;
}

// All but the first of several reads are of the first one's revision.
Result<> ConditionWait::read(const Context& ctx, std::size_t first, Seen& seen) const {
  etcd::Txn txn;
  const std::size_t end = std::min(first + kMostReads, conditions_.size());
  for (std::size_t i = first; i < end; ++i) {
    auto range = conditions_[i].request();
    range.revision = seen.revision;
    txn.then(std::move(range));
  }
  COORD_TRY_INTO(auto reply, etcd::Kv(*client_).txn(ctx, txn, etcd::Repeat::safe));
  if (first == 0) seen.revision = reply.header.revision;
  for (auto& each : reply.replies)
    seen.found.push_back(std::get<etcd::RangeReply>(std::move(each)));
  return {};
}

std::vector<std::size_t> ConditionWait::missing(const Seen& seen) const {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    if (!conditions_[i].holds(seen.found[i])) missing.push_back(i);
  }
  return missing;
}

Result<ConditionWait::Seen> ConditionWait::next(const Context& ctx) {
  if (seen_ != 0) COORD_TRY(changes_.wait(ctx, seen_));
  for (;;) {
    auto seen = patiently(ctx, [&](const Context& bounded) { return look(bounded); });
    if (!seen && seen.error().code == Code::compacted) continue;
    if (seen) seen_ = seen->revision;
    return seen;
  }
}

}  // namespace coord::recipe
