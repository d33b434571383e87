// The keys of queues: of the items, as etcd's Go recipes have them byte for byte, and of what coord
// keeps besides, where no Go consumer looks (those read every key that begins with NAME).
//
//   FIFO item         NAME "/" DIGITS           DIGITS: Unix time in ns, chance, place in its batch
//   priority item     NAME "/" %05d "/" %016d   priority (less is first), number within it
//   its bookkeeping   "__" NAME "/" %05d        put with every item of that priority
//   item given back   the item's key "." N      after N attempts that failed
//   claim             "__" NAME "/claims/" LEASE "/" REST    REST: the item's key behind NAME "/"
//   who claims        "__" NAME "/alive/" LEASE              on that lease
//   producer          "__" NAME "/puts/" DIGITS              while somebody enqueues
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coord::layout {

enum class QueueKind { fifo, priority };

std::string queue_prefix(std::string_view name);
std::string dead_queue(std::string_view name);  // NAME ".dead": a FIFO queue

std::string unique_digits();  // never the same twice: time and chance
// INDEX, below 1000, is the item's place in its transaction: items of one revision go by key.
std::string fifo_item(std::string_view name, std::string_view digits, std::size_t index = 0);
std::string priority_level(std::string_view name, std::uint16_t priority);  // NAME/%05d/
std::string priority_item(std::string_view name, std::uint16_t priority, std::uint64_t number);
std::string priority_bookkeeping(std::string_view name, std::uint16_t priority);

struct QueueItemKey {
  QueueKind kind = QueueKind::fifo;
  std::string base;            // the key without its attempts
  int attempts = 0;            // that failed
  std::uint16_t priority = 0;  // of a priority item
  std::uint64_t number = 0;    // within the priority
};

// What KEY says as an item of queue NAME; nothing for keys of other things under NAME/.
std::optional<QueueItemKey> parse_queue_item(std::string_view name, std::string_view key);
std::string with_attempts(std::string_view base, int attempts);  // 0: BASE itself

std::string claims_prefix(std::string_view name);
std::string claims_prefix(std::string_view name, std::int64_t lease);
std::string claim_key(std::string_view name, std::int64_t lease, std::string_view item_key);
std::string alive_prefix(std::string_view name);
std::string alive_key(std::string_view name, std::int64_t lease);
std::string producers_prefix(std::string_view name);
std::string producer_key(std::string_view name, std::string_view digits);

struct QueueClaimKey {
  std::int64_t lease = 0;
  std::string item_key;
  QueueItemKey item;
};

// Nothing for keys that claim_key() did not make for queue NAME.
std::optional<QueueClaimKey> parse_claim(std::string_view name, std::string_view key);
// The lease in a key of alive_key().
std::optional<std::int64_t> parse_alive(std::string_view name, std::string_view key);
bool is_alive_key(std::string_view key);  // of any queue

}  // namespace coord::layout
