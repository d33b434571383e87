#include "coord/recipe/rollback.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coord/base/bytes.hpp"
#include "coord/recipe/commit.hpp"

namespace coord::recipe {
namespace {

// Of a key in a transaction: its compare, its write, and what both are wrapped in.
std::size_t bytes_of(const KeyChange& change) {
  constexpr std::size_t kOverhead = 64;
  return 2 * change.key().size() + (change.before ? change.before->value.size() : 0) + kOverhead;
}

etcd::Op write_of(const KeyChange& change) {
  if (!change.before) return etcd::DeleteRequest{.key = change.key()};
  return etcd::PutRequest{.key = change.key(), .value = change.before->value};
}

std::int64_t guard_of(const KeyChange& change) {
  return change.after ? change.after->mod_revision : 0;
}

etcd::Txn request_of(const std::vector<KeyChange>& page) {
  etcd::Txn txn;
  for (const KeyChange& change : page) {
    txn.when(etcd::Compare::mod(change.key(), etcd::CompareResult::equal, guard_of(change)));
    txn.then(write_of(change));
    txn.otherwise(etcd::RangeRequest{.key = change.key()});
  }
  return txn;
}

bool is_as_wanted(const KeyChange& change, const std::vector<etcd::KeyValue>& now) {
  if (!change.before || now.empty()) return !change.before && now.empty();
  return now.front().value == change.before->value;
}

Error conflict(const std::vector<KeyChange>& page, const etcd::TxnReply& reply) {
  for (std::size_t i = 0; i < page.size(); ++i) {
    const auto& now = reply.range(i).kvs;
    const std::int64_t revision = now.empty() ? 0 : now.front().mod_revision;
    if (revision == guard_of(page[i])) continue;
    const std::string key = in_quotes(page[i].key());
    if (now.empty()) return {Code::compare_failed, key + " was deleted meanwhile"};
    return {Code::compare_failed,
            fmt::format("{} was changed meanwhile, at revision {}", key, revision)};
  }
  return {Code::compare_failed, "its keys were changed meanwhile, and back again"};
}

}  // namespace

Rollback::Rollback(etcd::Client& client, DiffRange range, const RollbackLimits& limits)
    : client_(&client), range_(std::move(range)), limits_(limits) {}

Result<std::vector<KeyChange>> Rollback::next_page(const Context& ctx, RangeDiff& diff) {
  std::vector<KeyChange> page;
  std::size_t bytes = 0;
  for (;;) {
    if (!next_) {
      COORD_TRY_INTO(next_, diff.next(ctx, limits_.patience));
    }
    if (!next_) return page;
    bytes += bytes_of(*next_);
    const bool full = page.size() >= limits_.operations || bytes > limits_.bytes;
    if (full && !page.empty()) return page;
    page.push_back(*std::exchange(next_, std::nullopt));
  }
}

Result<RollbackPlan> Rollback::plan(const Context& ctx) {
  RollbackPlan plan;
  RangeDiff diff(*client_, range_);
  for (;;) {
    COORD_TRY_INTO(const auto page, next_page(ctx, diff));
    if (page.empty()) break;
    ++plan.pages;
    for (const KeyChange& change : page) {
      ++(change.before ? plan.puts : plan.deletes);
      plan.leased += change.before && change.before->lease != 0 ? 1 : 0;
    }
  }
  plan.now = range_.to = diff.to();
  return plan;
}

Result<RollbackDone> Rollback::run(const Context& ctx) {
  RangeDiff diff(*client_, range_);
  for (;;) {
    COORD_TRY_INTO(const auto page, next_page(ctx, diff));
    if (page.empty()) return done_;
    COORD_TRY(write(ctx, page));
  }
}

Result<> Rollback::write(const Context& ctx, const std::vector<KeyChange>& page) {
  bool in_doubt = false;
  auto committed = commit(*client_, ctx.at_most(limits_.patience), request_of(page), &in_doubt);
  if (!committed) {
    Error error = std::move(committed).error();
    if (error.code == Code::timed_out && !ctx.expired()) error.code = Code::unavailable;
    error.uncertain = in_doubt;
    return std::unexpected(std::move(error));
  }
  const etcd::TxnReply& reply = committed->reply;
  if (!reply.succeeded) {
    bool as_wanted = true;
    for (std::size_t i = 0; i < page.size(); ++i)
      as_wanted = as_wanted && is_as_wanted(page[i], reply.range(i).kvs);
    if (!as_wanted) return std::unexpected(conflict(page, reply));
  }
  done_.revision = reply.header.revision;
  done_.keys += std::ssize(page);
  ++done_.pages;
  return {};
}

}  // namespace coord::recipe
