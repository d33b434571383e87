#include "coord/recipe/stm.hpp"

#include <algorithm>

#include "coord/recipe/stm_request.hpp"

namespace coord::recipe {
namespace {

// Of a member that has not seen the revision of the first read so far.
bool is_future_revision(const Error& error) {
  return error.message.contains("required revision is a future revision");
}

}  // namespace

Stm::Stm(etcd::Client& client, const Context& ctx, const StmOptions& options, Reads seeds)
    : client_(&client), ctx_(ctx), options_(&options), seeds_(std::move(seeds)) {}

Result<std::optional<std::string>> Stm::get(const std::string& key) {
  COORD_TRY_INTO(auto values, get(std::vector{key}));
  return std::move(values.front());
}

Result<std::vector<std::optional<std::string>>> Stm::get(const std::vector<std::string>& keys) {
  std::vector<std::string> unwritten;
  std::ranges::copy_if(keys, std::back_inserter(unwritten),
                       [this](const std::string& key) { return !writes_.contains(key); });
  COORD_TRY(fetch(unwritten));
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) {
    const auto write = writes_.find(key);
    if (write == writes_.end()) {
      const auto& kv = reads_.at(key).kv;
      values.push_back(kv ? std::optional(kv->value) : std::nullopt);
    } else {
      values.push_back(write->second.removes ? std::nullopt : std::optional(write->second.value));
    }
  }
  return values;
}

Result<std::int64_t> Stm::rev(const std::string& key) {
  COORD_TRY(fetch({key}));
  const auto& kv = reads_.at(key).kv;
  return kv ? kv->mod_revision : 0;
}

Result<std::int64_t> Stm::lease(const std::string& key) {
  COORD_TRY(fetch({key}));
  const auto& kv = reads_.at(key).kv;
  return kv ? kv->lease : 0;
}

void Stm::put(const std::string& key, std::string value, std::int64_t lease) {
  writes_.insert_or_assign(key, Write{false, std::move(value), lease});
}

void Stm::remove(const std::string& key) { writes_.insert_or_assign(key, Write{true, {}, 0}); }

bool Stm::reads_one_revision() const {
  return isolation() == Isolation::serializable_snapshot || isolation() == Isolation::serializable;
}

// Once the first read has set another revision they are of no use: all must be of one.
void Stm::use_seeds(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    const auto seed = seeds_.find(key);
    if (seed == seeds_.end() || reads_.contains(key)) continue;
    if (base_ != 0 && base_ != seed->second.revision) continue;
    base_ = seed->second.revision;
    reads_.insert(seeds_.extract(seed));
  }
}

Result<> Stm::fetch(const std::vector<std::string>& keys) {
  if (failed_) return std::unexpected(*failed_);
  use_seeds(keys);
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    const bool asked = std::ranges::find(missing, key) != missing.end();
    if (!reads_.contains(key) && !asked) missing.push_back(key);
  }
  if (missing.empty()) return {};
  const bool any_member = base_ != 0 || !reads_one_revision();
  auto reply = read(missing, any_member);
  if (!reply && any_member && is_future_revision(reply.error())) reply = read(missing, false);
  if (!reply) {
    outdated_ = base_ != 0 && reply.error().code == Code::compacted;
    failed_ = std::move(reply).error();
    return std::unexpected(*failed_);
  }
  return take(missing, *reply);
}

Result<etcd::TxnReply> Stm::read(const std::vector<std::string>& keys, bool serializable) {
  etcd::Txn txn;
  for (const std::string& key : keys) {
    txn.then(etcd::RangeRequest{.key = key, .revision = base_, .serializable = serializable});
  }
  return explain_size(txn, ask(ctx_, *options_, [&](const Context& bounded) {
                        return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                      }));
}

Result<> Stm::take(const std::vector<std::string>& keys, const etcd::TxnReply& reply) {
  if (base_ == 0 && reads_one_revision()) base_ = reply.header.revision;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& kvs = reply.range(i).kvs;
    Seen seen{.revision = base_ != 0 ? base_ : reply.header.revision};
    if (!kvs.empty()) seen.kv = kvs.front();
    reads_.emplace(keys[i], std::move(seen));
  }
  return {};
}

}  // namespace coord::recipe
