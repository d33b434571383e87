#include "coord/base/layout.hpp"

#include <fmt/format.h>

#include <charconv>

namespace coord::layout {

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

std::optional<LockKey> parse_lock_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view suffix = key.substr(slash + 1);
  const auto lease = parse_lease(suffix);
  if (!lease || *lease <= 0 || lease_hex(*lease) != suffix) return std::nullopt;
  return LockKey{std::string(key.substr(0, slash)), *lease};
}

std::string waiter_prefix(std::string_view name) { return std::string(name) + "/waiters/"; }

std::string waiter_key(std::string_view name, std::int64_t nanos) {
  return waiter_prefix(name) + std::to_string(nanos);
}

std::string ready_key(std::string_view name) { return std::string(name) + "/ready"; }

}  // namespace coord::layout
