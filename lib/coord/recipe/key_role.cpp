#include "coord/recipe/key_role.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "coord/base/layout.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/base/layout_service.hpp"
#include "coord/base/layout_shapes.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {
namespace {

using Kind = KeyRole::Kind;
using Role = std::optional<KeyRole>;

Role own_role(const std::string& key) {
  if (const auto lease = layout::parse_session_key(key))
    return KeyRole{Kind::session, layout::lease_hex(*lease)};
  constexpr std::string_view kHolders = "__coord/holders/";
  constexpr std::string_view kInfo = "/info";
  const std::string_view own = layout::own_part(key);
  if (!own.starts_with(kHolders) || !own.ends_with(kInfo)) return std::nullopt;
  const auto candidate = layout::parse_lock_key(
      own.substr(kHolders.size(), own.size() - kHolders.size() - kInfo.size()));
  if (!candidate) return std::nullopt;
  const std::string name_space = key.substr(0, key.size() - own.size());
  return KeyRole{Kind::candidate_holder, name_space + candidate->name};
}

Role contender_role(const etcd::KeyValue& kv) {
  if (kv.lease == 0 || !layout::may_hold(kv.key, kv.lease)) return std::nullopt;
  if (const auto lock = layout::parse_lock_key(kv.key)) return KeyRole{Kind::contender, lock->name};
  const auto shared = layout::parse_rwlock_key(kv.key);
  if (!shared) return std::nullopt;
  return KeyRole{Kind::contender, shared->name, true};
}

// What a queue keeps beside its items: "__" NAME and a folder, or a priority.
Role beside_queue(const std::string& key) {
  if (!key.starts_with("__")) return std::nullopt;
  for (auto end = key.find('/'); end != std::string::npos; end = key.find('/', end + 1)) {
    const std::string name = key.substr(2, end - 2);
    if (layout::parse_claim(name, key)) return KeyRole{Kind::queue_claim, name};
    if (layout::parse_alive(name, key)) return KeyRole{Kind::queue_consumer, name};
    if (key.starts_with(layout::producers_prefix(name))) return KeyRole{Kind::queue_producer, name};
    const std::string rest = key.substr(end + 1);
    if (rest.size() == 5 && layout::is_digits(rest)) return KeyRole{Kind::queue_bookkeeping, name};
  }
  return std::nullopt;
}

Role barrier_role(const etcd::KeyValue& kv) {
  if (const auto name = layout::parse_waiter_key(kv.key))
    return KeyRole{Kind::double_barrier_waiter, *name};
  const auto ready = layout::parse_ready_key(kv.key);
  if (!ready || kv.lease != 0 || !kv.value.empty()) return std::nullopt;
  return KeyRole{Kind::double_barrier_ready, *ready};
}

Role item_role(const std::string& key) {
  const auto slash = key.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string_view last = std::string_view(key).substr(slash + 1);
  const std::string_view digits = last.substr(0, last.find('.'));
  if (layout::is_fifo_item(digits)) return KeyRole{Kind::queue_item, key.substr(0, slash)};
  const auto level = slash == 0 ? std::string::npos : key.rfind('/', slash - 1);
  if (level == std::string::npos) return std::nullopt;
  const std::string name = key.substr(0, level);
  const auto item = layout::parse_queue_item(name, key);
  if (digits.size() != 16 || !item || item->kind != layout::QueueKind::priority)
    return std::nullopt;
  return KeyRole{Kind::queue_item, name};
}

// Of the plain layout. Where its prefix is another one than usual nobody knows where the name
// begins.
Role plain_service_role(const etcd::KeyValue& kv) {
  auto folder = kv.lease != 0 ? layout::parse_endpoint_key(kv.key) : std::nullopt;
  if (!folder || kv.key.substr(folder->size() + 1) != kv.value) return std::nullopt;
  const std::string usual = layout::service_prefix({.kind = layout::ServiceKind::plain}, "");
  const std::string_view prefix = std::string_view(usual).substr(0, usual.size() - 1);
  if (folder->starts_with(prefix) && *folder != prefix) folder->erase(0, prefix.size());
  return KeyRole{Kind::service_endpoint, *std::move(folder)};
}

Role role_by_value(const etcd::KeyValue& kv) {
  if (auto plain = plain_service_role(kv)) return plain;
  const auto json = nlohmann::json::parse(kv.value, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto is_text = [&](const char* name) {
    return json.contains(name) && json[name].is_string();
  };
  const bool in_register =
      kv.key.starts_with(layout::service_prefix({.kind = layout::ServiceKind::json}, ""));
  if (in_register && is_text("name") && is_text("host") && json.contains("port"))
    return KeyRole{Kind::service_endpoint, json["name"]};
  const auto slash = kv.key.rfind('/');
  const bool endpoint = is_text("Addr") && json.contains("Op");
  if (endpoint && slash != std::string::npos)
    return KeyRole{Kind::service_endpoint, kv.key.substr(0, slash)};
  if (HolderInfo::from_json(kv.value) && json.contains("id")) return KeyRole{Kind::barrier, kv.key};
  return std::nullopt;
}

}  // namespace

KeyRole key_role(const etcd::KeyValue& kv) {
  Role role = own_role(kv.key);
  // Those that a queue's workers hang on their leases are of a lock key's shape too.
  if (!role) role = beside_queue(kv.key);
  if (!role) role = contender_role(kv);
  if (!role) role = barrier_role(kv);
  if (!role) role = item_role(kv.key);
  if (!role) role = role_by_value(kv);
  return role.value_or(KeyRole{});
}

}  // namespace coord::recipe
