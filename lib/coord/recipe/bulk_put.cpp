#include "coord/recipe/bulk_put.hpp"

#include "coord/recipe/commit.hpp"

namespace coord::recipe {

Result<> BulkPut::add(const Context& ctx, std::string key, std::string value) {
  constexpr std::size_t kOverhead = 64;
  const std::size_t bytes = (if_absent_ ? 2 : 1) * key.size() + value.size() + kOverhead;
  const bool full = batch_.size() >= limits_.operations || bytes_ + bytes > limits_.bytes;
  if (full || keys_.contains(key)) COORD_TRY(flush(ctx));
  bytes_ += bytes;
  keys_.insert(key);
  batch_.push_back({.key = std::move(key), .value = std::move(value)});
  return {};
}

Result<> BulkPut::flush(const Context& ctx) {
  while (!batch_.empty()) {
    COORD_TRY_INTO(const bool sent, send(ctx));
    if (!sent) continue;
    written_ += std::ssize(batch_);
    batch_.clear();
  }
  keys_.clear();
  bytes_ = 0;
  return {};
}

Result<bool> BulkPut::send(const Context& ctx) {
  etcd::Txn txn;
  for (const etcd::PutRequest& put : batch_) {
    txn.then(put);
    if (!if_absent_) continue;
    txn.when(etcd::Compare::create(put.key, etcd::CompareResult::equal, 0));
    txn.otherwise(etcd::RangeRequest{.key = put.key, .keys_only = true});
  }
  bool in_doubt = false;
  auto done = commit(*client_, ctx.at_most(limits_.patience), txn, &in_doubt);
  if (!done) {
    Error error = std::move(done).error();
    if (error.code == Code::timed_out && !ctx.expired()) error.code = Code::unavailable;
    error.uncertain = in_doubt;
    return std::unexpected(std::move(error));
  }
  if (done->reply.succeeded) return true;
  std::vector<etcd::PutRequest> left;
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (done->reply.range(i).kvs.empty()) left.push_back(std::move(batch_[i]));
  }
  // All of them there after a lost reply: that was the first try.
  const bool ours = done->in_doubt && left.empty();
  (ours ? written_ : skipped_) += std::ssize(batch_) - std::ssize(left);
  batch_ = std::move(left);
  return false;
}

}  // namespace coord::recipe
