#include "coord/recipe/discovery.hpp"

#include <algorithm>
#include <utility>

#include "coord/base/bytes.hpp"

namespace coord::recipe {
namespace {

using Heard = RangeNews::Kind;
using Told = DiscoveryNews::Kind;

RangeFollowed range_of(const Service& service) {
  return RangeFollowed::prefix(layout::service_prefix(service.layout, service.name));
}

void sort(std::vector<Instance>& instances) {
  std::ranges::sort(instances, {}, [](const Instance& one) {
    return std::pair(one.create_revision, std::string_view(one.key));
  });
}

Told kind_of(Heard kind) {
  switch (kind) {
    case Heard::listed:
      return Told::listed;
    case Heard::relisted:
      return Told::relisted;
    case Heard::interrupted:
      return Told::interrupted;
    case Heard::resumed:
      return Told::resumed;
    case Heard::changed:
      break;
  }
  return Told::changed;
}

bool looks_the_same(const Instance& a, const Instance& b) {
  return a.address == b.address && a.metadata == b.metadata && a.lease == b.lease;
}

}  // namespace

Discovery::Discovery(etcd::Client& client, Service service)
    : service_(std::move(service)), range_(client, range_of(service_)) {}

Result<DiscoveryNews> Discovery::next(const Context& ctx) {
  for (;;) {
    COORD_TRY_INTO(RangeNews news, range_.next(ctx));
    DiscoveryNews told{.kind = kind_of(news.kind), .header = news.header, .error = news.error};
    if (news.kind == Heard::listed) {
      for (const auto& [key, kv] : range_.keys()) take({.kv = kv}, told.events);
      return told;
    }
    for (const etcd::Event& event : news.events) take(event, told.events);
    const bool is_list = told.kind == Told::changed || told.kind == Told::relisted;
    if (!is_list || !told.events.empty()) return told;
  }
}

// An address that changes under its key is another instance: the old one goes, the new one comes.
void Discovery::take(const etcd::Event& event, std::vector<InstanceEvent>& events) {
  using Kind = InstanceEvent::Kind;
  const std::int64_t revision = event.kv.mod_revision;
  const auto known = instances_.find(event.kv.key);
  auto now = event.type == etcd::Event::Type::put ? instance_of(service_, event.kv) : std::nullopt;
  const bool stays = known != instances_.end() && now && known->second.address == now->address;
  if (known != instances_.end() && !stays) {
    events.push_back({Kind::down, std::move(known->second), revision});
    instances_.erase(known);
  }
  if (!now) return;
  if (!stays) events.push_back({Kind::up, *now, revision});
  if (stays && !looks_the_same(known->second, *now))
    events.push_back({Kind::changed, *now, revision});
  instances_[event.kv.key] = *std::move(now);
}

std::vector<Instance> oldest_first(const Instances& instances) {
  std::vector<Instance> all;
  for (const auto& [key, instance] : instances) all.push_back(instance);
  sort(all);
  return all;
}

Result<InstanceList> instances_of(etcd::Client& client, const Context& ctx,
                                  const Service& service) {
  const RangeFollowed range = range_of(service);
  etcd::RangePages pages(client, {.key = range.key, .range_end = range.range_end});
  InstanceList list;
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(ctx));
    if (!page) break;
    if (list.header.revision == 0) list.header = page->header;
    for (const etcd::KeyValue& kv : page->kvs) {
      if (auto instance = instance_of(service, kv)) list.instances.push_back(*std::move(instance));
    }
  }
  sort(list.instances);
  return list;
}

Result<Instance> next_pick(etcd::Client& client, const Context& ctx, const Service& service) {
  const RangeFollowed range = range_of(service);
  const std::string counter = layout::picks_key(service.name);
  etcd::Txn txn;
  txn.then(etcd::PutRequest{.key = counter});
  txn.then(etcd::RangeRequest{.key = counter, .keys_only = true});
  txn.then(etcd::RangeRequest{.key = range.key, .range_end = range.range_end});
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  std::vector<Instance> all;
  for (const etcd::KeyValue& kv : reply.range(2).kvs) {
    if (auto instance = instance_of(service, kv)) all.push_back(*std::move(instance));
  }
  if (all.empty())
    return fail(Code::not_found, "nothing is registered as " + in_quotes(service.name));
  sort(all);
  const auto turn = static_cast<std::size_t>(reply.range(1).kvs.front().version - 1);
  return all[turn % all.size()];
}

}  // namespace coord::recipe
