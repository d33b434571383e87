#include "coord/recipe/double_barrier_state.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coord/base/layout.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using etcd::CompareResult;

namespace {

constexpr std::size_t kMostCompared = 100;  // etcd takes 128 a transaction

}  // namespace

std::size_t DoubleBarrierState::inside() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(waiters, [&](const auto& one) { return is_in(one); }));
}

const etcd::KeyValue* DoubleBarrierState::of_lease(std::int64_t lease) const {
  const auto found = std::ranges::find(waiters, lease, &etcd::KeyValue::lease);
  return found == waiters.end() ? nullptr : &*found;
}

const etcd::KeyValue* DoubleBarrierState::find(const std::string& key, std::int64_t created) const {
  const auto found = std::ranges::find(waiters, key, &etcd::KeyValue::key);
  return found == waiters.end() || found->create_revision != created ? nullptr : &*found;
}

void DoubleBarrierState::apply(const etcd::Event& event) {
  const bool is_put = event.type == etcd::Event::Type::put;
  if (event.kv.key == layout::ready_key(name)) {
    ready = is_put ? event.kv.mod_revision : 0;
    return;
  }
  std::erase_if(waiters, [&](const auto& one) { return one.key == event.kv.key; });
  if (is_put) waiters.push_back(event.kv);
}

etcd::RangeRequest DoubleBarrierState::waiters_request(const std::string& name) {
  auto request = etcd::RangeRequest::first_created(layout::waiter_prefix(name));
  request.limit = 0;
  return request;
}

etcd::RangeRequest DoubleBarrierState::ready_request(const std::string& name) {
  return {.key = layout::ready_key(name), .keys_only = true};
}

etcd::WatchRequest DoubleBarrierState::waiters_watch(const std::string& name) {
  const auto range = waiters_request(name);
  return {.key = range.key, .range_end = range.range_end};
}

void DoubleBarrierState::read_either_way(etcd::Txn& txn, const std::string& name) {
  txn.then(waiters_request(name)).then(ready_request(name));
  txn.otherwise(waiters_request(name)).otherwise(ready_request(name));
}

etcd::Txn DoubleBarrierState::if_unchanged(std::size_t most) const {
  etcd::Txn txn;
  txn.when(etcd::Compare::mod(layout::ready_key(name), CompareResult::equal, ready));
  for (std::size_t i = 0; i < std::min(most, kMostCompared); ++i) {
    const auto& waiter = waiters[i];
    txn.when(etcd::Compare::create(waiter.key, CompareResult::equal, waiter.create_revision));
  }
  return txn;
}

DoubleBarrierState DoubleBarrierState::from(const std::string& name, const etcd::TxnReply& reply) {
  const std::size_t last = reply.replies.size() - 1;
  DoubleBarrierState state{.name = name, .revision = reply.header.revision};
  state.waiters = reply.range(last - 1).kvs;
  if (!reply.range(last).kvs.empty()) state.ready = reply.range(last).kvs.front().mod_revision;
  return state;
}

Result<DoubleBarrierState> DoubleBarrierState::look(etcd::Client& client, const Context& ctx,
                                                    const std::string& name) {
  etcd::Txn both;
  both.then(waiters_request(name)).then(ready_request(name));
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, both, etcd::Repeat::safe));
  return from(name, reply);
}

Result<DoubleBarrierState> DoubleBarrierState::read(etcd::Client& client, const Context& ctx,
                                                    const std::string& name) {
  return patiently(ctx, [&](const Context& bounded) { return look(client, bounded, name); });
}

std::optional<std::int64_t> count_of(const etcd::KeyValue& waiter) {
  const auto json = nlohmann::json::parse(waiter.value, nullptr, false);
  if (!json.is_object() || !json.contains("count") || !json["count"].is_number_integer())
    return std::nullopt;
  return json["count"].get<std::int64_t>();
}

}  // namespace coord::recipe
