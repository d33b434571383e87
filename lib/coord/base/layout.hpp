// The only place that builds or parses a key of a primitive. The layouts are those of etcd's Go
// packages (client/v3/concurrency), byte for byte, so that coord and Go programs exclude each
// other.
//
//   lock, election   NAME "/" LEASE            LEASE is the lease id in lower-case hex without
//   padding (Go's %x)
//   election's holder "__coord/holders/" NAME "/" LEASE "/info"   ours alone: who stands behind a
//   candidate. Outside of NAME/, where it would count as a candidate itself; and of such a shape
//   that it is not taken for a lock's key
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

std::string holder_prefix(std::string_view name);  // of the holders of NAME's candidates
std::string holder_key(std::string_view candidate_key);

struct LockKey {
  std::string name;
  std::int64_t lease = 0;
};

// What a key says if it was made by lock_key(); nothing for keys of another shape. That a key looks
// so is no proof: compare with the lease that it is attached to.
std::optional<LockKey> parse_lock_key(std::string_view key);

}  // namespace coord::layout
