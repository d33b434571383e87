// The only place that builds or parses a key of a primitive. The layouts are those of etcd's Go
// packages (client/v3/concurrency), byte for byte, so that coord and Go programs exclude each
// other. The last two are ours alone; no name begins with "__coord/".
//
//   lock, election   NAME "/" LEASE            LEASE: the lease's id in lower-case hex, not padded
//   rwlock           NAME "/read/" NANOS       NANOS: Unix time in ns, decimal (Go's UnixNano)
//                    NAME "/write/" NANOS
//   barrier          NAME
//   double barrier   NAME "/waiters/" NANOS, NAME "/ready"
//   session          "__coord/sessions/" LEASE
//   candidate        "__coord/holders/" NAME "/" LEASE "/info": who stands behind it. Outside of
//                    NAME/, where it would count as a candidate itself; and of such a shape that
//                    it is not taken for a lock's key
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

// What KEY is to coord alone, from its mark on: "__coord/…", also behind a namespace that KEY is
// shown with. Empty: it is nothing of the kind. A view of KEY.
std::string_view own_part(std::string_view key);

std::string session_prefix();  // of the keys of all sessions
std::string session_key(std::int64_t lease);
// The lease that a session's key is named by; see own_part().
std::optional<std::int64_t> parse_session_key(std::string_view key);
std::string holder_prefix(std::string_view name);  // of the holders of NAME's candidates
std::string holder_key(std::string_view candidate_key);

struct LockKey {
  std::string name;
  std::int64_t lease = 0;
};

// What a key says if it was made by lock_key(); nothing for keys of another shape. That a key looks
// so is no proof: compare with the lease that it is attached to.
std::optional<LockKey> parse_lock_key(std::string_view key);

enum class Access { read, write };

std::string rwlock_prefix(std::string_view name, Access access);  // NAME "/read/"
std::string rwlock_key(std::string_view name, Access access, std::int64_t unix_nano);

struct RwLockKey {
  std::string name;
  Access access = Access::read;
  std::int64_t unix_nano = 0;
};

// The same for rwlock_key(). NANOS must look like a time (layout_shapes.hpp), so no key is both a
// lock's and a rwlock's.
std::optional<RwLockKey> parse_rwlock_key(std::string_view key);

// Is it named as the key of a lock, rwlock, semaphore or election, and if it says whose, of LEASE?
bool may_hold(std::string_view key, std::int64_t lease);
std::string waiter_prefix(std::string_view name);                   // NAME "/waiters/"
std::string waiter_key(std::string_view name, std::int64_t nanos);  // NAME "/waiters/" NANOS
std::string ready_key(std::string_view name);                       // NAME "/ready"

}  // namespace coord::layout
