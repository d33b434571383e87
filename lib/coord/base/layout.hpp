// The only place that builds or parses a key of a primitive. The layouts are those of etcd's Go
// packages (client/v3/concurrency), byte for byte, so that coord and Go programs exclude each
// other.
//
//   lock, election   NAME "/" LEASE            LEASE is the lease id in lower-case hex without
//   padding (Go's %x)
//   barrier          NAME
//   double barrier   NAME "/waiters/" TIME, NAME "/ready"; TIME is Unix nanoseconds, decimal
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coord::layout {

std::string lease_hex(std::int64_t lease);  // 255 → "ff"; as it stands in a key
std::optional<std::int64_t> parse_lease(
    std::string_view text);  // hex, with or without padding, either case

std::string lock_prefix(std::string_view name);                   // NAME "/"
std::string lock_key(std::string_view name, std::int64_t lease);  // NAME "/" LEASE

struct LockKey {
  std::string name;
  std::int64_t lease = 0;
};

// What a key says if it was made by lock_key(); nothing for keys of another shape. That a key looks
// so is no proof: compare with the lease that it is attached to.
std::optional<LockKey> parse_lock_key(std::string_view key);

std::string waiter_prefix(std::string_view name);                   // NAME "/waiters/"
std::string waiter_key(std::string_view name, std::int64_t nanos);  // NAME "/waiters/" TIME
std::string ready_key(std::string_view name);                       // NAME "/ready"

}  // namespace coord::layout
