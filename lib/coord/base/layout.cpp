#include "coord/base/layout.hpp"

#include <fmt/format.h>

#include <charconv>

#include "coord/base/layout_shapes.hpp"

namespace coord::layout {
namespace {

constexpr std::string_view kOwn = "__coord/";  // what only coord knows of; no lock is called so

}  // namespace

std::string lease_hex(std::int64_t lease) { return fmt::format("{:x}", lease); }

std::optional<std::int64_t> parse_lease(std::string_view text) {
  std::int64_t lease = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, lease, 16);
  if (error != std::errc{} || rest != end || text.starts_with('-')) return std::nullopt;
  return lease;
}

std::string lock_prefix(std::string_view name) { return std::string(name) + '/'; }

std::string lock_key(std::string_view name, std::int64_t lease) {
  return lock_prefix(name) + lease_hex(lease);
}

std::string_view own_part(std::string_view key) {
  const std::size_t at = key.find(kOwn);
  return at == std::string_view::npos ? std::string_view{} : key.substr(at);
}

std::string session_prefix() { return std::string(kOwn) + "sessions/"; }

std::string session_key(std::int64_t lease) { return session_prefix() + lease_hex(lease); }

std::optional<std::int64_t> parse_session_key(std::string_view key) {
  const std::string_view own = own_part(key);
  if (!own.starts_with(session_prefix())) return std::nullopt;
  return parse_lease(own.substr(session_prefix().size()));
}

std::string holder_prefix(std::string_view name) {
  return std::string(kOwn) + "holders/" + lock_prefix(name);
}

std::string holder_key(std::string_view candidate_key) {
  return std::string(kOwn) + "holders/" + std::string(candidate_key) + "/info";
}

std::optional<LockKey> parse_lock_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (key.starts_with(kOwn) || parse_session_key(key)) return std::nullopt;
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view suffix = key.substr(slash + 1);
  const auto lease = parse_lease(suffix);
  if (!lease || *lease <= 0 || lease_hex(*lease) != suffix) return std::nullopt;
  return LockKey{std::string(key.substr(0, slash)), *lease};
}

std::string rwlock_prefix(std::string_view name, Access access) {
  return lock_prefix(name) + (access == Access::read ? "read/" : "write/");
}

std::string rwlock_key(std::string_view name, Access access, std::int64_t unix_nano) {
  return rwlock_prefix(name, access) + std::to_string(unix_nano);
}

std::optional<RwLockKey> parse_rwlock_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = key.substr(slash + 1);
  RwLockKey parsed;
  const char* end = digits.data() + digits.size();
  const auto error = std::from_chars(digits.data(), end, parsed.unix_nano).ec;
  if (error != std::errc{} || !is_unix_nano(digits)) return std::nullopt;
  for (const Access access : {Access::read, Access::write}) {
    const std::string middle = rwlock_prefix("", access);
    if (!key.substr(0, slash + 1).ends_with(middle)) continue;
    parsed.name = key.substr(0, slash + 1 - middle.size());
    parsed.access = access;
    if (rwlock_key(parsed.name, access, parsed.unix_nano) == key) return parsed;
  }
  return std::nullopt;
}

bool may_hold(std::string_view key, std::int64_t lease) {
  const auto parsed = parse_lock_key(key);
  return parsed ? parsed->lease == lease : parse_rwlock_key(key).has_value();
}

std::string waiter_prefix(std::string_view name) { return std::string(name) + "/waiters/"; }

std::string waiter_key(std::string_view name, std::int64_t nanos) {
  return waiter_prefix(name) + std::to_string(nanos);
}

std::string ready_key(std::string_view name) { return std::string(name) + "/ready"; }

}  // namespace coord::layout
