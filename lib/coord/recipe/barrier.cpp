#include "coord/recipe/barrier.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "coord/recipe/changes.hpp"
#include "coord/recipe/entry.hpp"

namespace coord::recipe {

using etcd::CompareResult;

namespace {

// Tells our own key from everybody else's when a reply was lost.
std::string value_of(const HolderInfo& info) {
  auto json = nlohmann::ordered_json::parse(info.to_json());
  std::random_device device;
  json["id"] = fmt::format("{:08x}{:08x}", device(), device());
  return json.dump();
}

}  // namespace

Barrier::Barrier(etcd::Client& client, std::string name)
    : client_(&client), name_(std::move(name)) {}

Result<Held> Barrier::hold(const Context& ctx, const HolderInfo& info, std::int64_t lease) {
  const std::string value = value_of(info);
  etcd::Txn txn;
  txn.when(etcd::Compare::create(name_, CompareResult::equal, 0));
  txn.then(etcd::PutRequest{.key = name_, .value = value, .lease = lease});
  txn.otherwise(etcd::RangeRequest{.key = name_});
  COORD_TRY_INTO(const auto reply, as_loss(etcd::Kv(*client_).txn(ctx, txn, etcd::Repeat::safe)));
  Held held{name_, name_, reply.header.revision, reply.header.revision, lease};
  if (reply.succeeded) return held;
  const auto& found = reply.range(0).kvs;
  if (found.empty() || found.front().value != value) return fail(Code::busy, "it is held already");
  held.create_revision = found.front().create_revision;
  return held;
}

Result<bool> Barrier::release(const Context& ctx) {
  etcd::Kv kv(*client_);
  COORD_TRY_INTO(const auto held, status(ctx));
  if (!held) return false;
  const auto unchanged = etcd::Compare::create(name_, CompareResult::equal, held->create_revision);
  etcd::Txn touch;  // keeps value and lease: we may die before the next step
  touch.when(unchanged);
  touch.then(etcd::PutRequest{.key = name_, .ignore_value = true, .ignore_lease = true});
  COORD_TRY(kv.txn(ctx, touch, etcd::Repeat::safe));
  etcd::Txn remove;
  remove.when(unchanged).then(etcd::DeleteRequest{.key = name_});
  COORD_TRY(kv.txn(ctx, remove, etcd::Repeat::safe));
  return true;
}

Result<std::int64_t> Barrier::wait(const Context& ctx) {
  Changes changes(*client_, {{.key = name_, .no_put = true}});
  std::int64_t first = 0;
  for (;;) {
    COORD_TRY_INTO(const auto reply, patiently(ctx, [&](const Context& bounded) {
                     return etcd::Kv(*client_).range(bounded, {.key = name_, .keys_only = true});
                   }));
    if (reply.kvs.empty()) return reply.header.revision;
    if (first == 0) first = reply.kvs.front().create_revision;
    if (reply.kvs.front().create_revision != first) return reply.header.revision;
    COORD_TRY(changes.wait(ctx, reply.header.revision));
  }
}

Result<std::optional<etcd::KeyValue>> Barrier::status(const Context& ctx) {
  COORD_TRY_INTO(const auto reply, etcd::Kv(*client_).range(ctx, {.key = name_}));
  if (reply.kvs.empty()) return std::nullopt;
  return reply.kvs.front();
}

}  // namespace coord::recipe
