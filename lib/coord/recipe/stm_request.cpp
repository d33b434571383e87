#include "coord/recipe/stm_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <ranges>

namespace coord::recipe {
namespace {

using etcd::Compare;
using etcd::CompareResult;

bool is_snapshot(const Stm& attempt) {
  return attempt.isolation() == Isolation::serializable_snapshot;
}

etcd::Op write_op(const std::string& key, const Stm::Write& write) {
  if (write.removes) return etcd::DeleteRequest{.key = key};
  return etcd::PutRequest{.key = key, .value = write.value, .lease = write.lease};
}

void add_compares(const Stm& attempt, etcd::Txn& txn) {
  if (attempt.isolation() == Isolation::read_committed) return;
  for (const auto& [key, seen] : attempt.reads()) {
    txn.when(Compare::mod(key, CompareResult::equal, seen.kv ? seen.kv->mod_revision : 0));
  }
  if (!is_snapshot(attempt)) return;
  // Nothing read: a bound that always holds, as Go sends it.
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max() - 1;
  const std::int64_t bound = first_revision(attempt).value_or(kNone) + 1;
  for (const auto& [key, write] : attempt.writes()) {
    txn.when(Compare::mod(key, CompareResult::less, bound));
  }
}

}  // namespace

std::optional<std::int64_t> first_revision(const Stm& attempt) {
  if (attempt.reads().empty()) return std::nullopt;
  return std::ranges::min(attempt.reads() | std::views::values |
                          std::views::transform(&Stm::Seen::revision));
}

etcd::Txn commit_request(const Stm& attempt) {
  etcd::Txn txn;
  add_compares(attempt, txn);
  for (const auto& [key, write] : attempt.writes()) txn.then(write_op(key, write));
  if (is_snapshot(attempt) || attempt.isolation() == Isolation::serializable) {
    for (const auto& [key, seen] : attempt.reads()) txn.otherwise(etcd::RangeRequest{.key = key});
  } else if (attempt.writes().empty() && !attempt.reads().empty()) {
    // With compares alone any member would answer, from what it has.
    txn.then(etcd::RangeRequest{.key = attempt.reads().begin()->first, .keys_only = true});
  }
  return txn;
}

bool happens_once(const Stm& attempt) {
  if (attempt.isolation() == Isolation::read_committed || attempt.reads().empty()) return false;
  return std::ranges::any_of(attempt.writes(), [&attempt](const auto& entry) {
    const auto& [key, write] = entry;
    const auto seen = attempt.reads().find(key);
    if (seen == attempt.reads().end()) return is_snapshot(attempt) && !write.removes;
    return !write.removes || seen->second.kv.has_value();
  });
}

Result<etcd::TxnReply> explain_size(const etcd::Txn& txn, Result<etcd::TxnReply> reply) {
  if (reply || !reply.error().message.contains("too many operations")) return reply;
  const auto most = std::max({txn.compares.size(), txn.success.size(), txn.failure.size()});
  reply.error().message =
      fmt::format("too many keys in one transaction: {} operations are more than etcd takes", most);
  reply.error().hint = "the limit is 128, unless the servers run with another --max-txn-ops";
  return reply;
}

}  // namespace coord::recipe
