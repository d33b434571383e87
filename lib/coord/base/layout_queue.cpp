#include "coord/base/layout_queue.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <random>

#include "coord/base/layout.hpp"
#include "coord/base/layout_shapes.hpp"

namespace coord::layout {
namespace {

constexpr std::size_t kPriorityWidth = 5;

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (!is_digits(text) || error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::string beside(std::string_view name, std::string_view room) {
  return fmt::format("__{}/{}/", name, room);
}

// Cuts ".N" off the key, where it can only be ours: behind digits.
void read_attempts(QueueItemKey& item) {
  const std::size_t dot = item.base.rfind('.');
  if (dot == std::string::npos) return;
  const std::string_view base = std::string_view(item.base).substr(0, dot);
  const std::string_view count = std::string_view(item.base).substr(dot + 1);
  const auto attempts = number_of<int>(count);
  if (!attempts || count.starts_with('0') || !is_digits(base.substr(base.rfind('/') + 1))) return;
  item.attempts = *attempts;
  item.base.resize(dot);
}

}  // namespace

std::string queue_prefix(std::string_view name) { return std::string(name) + '/'; }

std::string dead_queue(std::string_view name) { return std::string(name) + ".dead"; }

std::string unique_digits() {
  thread_local std::mt19937_64 chance{std::random_device{}()};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  return fmt::format("{}{:06}", nanoseconds, chance() % 1'000'000U);
}

std::string fifo_item(std::string_view name, std::string_view digits, std::size_t index) {
  return fmt::format("{}/{}{:03}", name, digits, index);
}

std::string priority_level(std::string_view name, std::uint16_t priority) {
  return fmt::format("{}/{:05}/", name, priority);
}

std::string priority_item(std::string_view name, std::uint16_t priority, std::uint64_t number) {
  return fmt::format("{}/{:05}/{:016}", name, priority, number);
}

std::string priority_bookkeeping(std::string_view name, std::uint16_t priority) {
  return fmt::format("__{}/{:05}", name, priority);
}

std::optional<QueueItemKey> parse_queue_item(std::string_view name, std::string_view key) {
  const std::string prefix = queue_prefix(name);
  if (!key.starts_with(prefix) || key.size() == prefix.size()) return std::nullopt;
  QueueItemKey item{.base = std::string(key)};
  read_attempts(item);
  const std::string_view rest = std::string_view(item.base).substr(prefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return item;
  item.kind = QueueKind::priority;
  const auto priority = number_of<std::uint16_t>(rest.substr(0, slash));
  const auto number = number_of<std::uint64_t>(rest.substr(slash + 1));
  if (slash != kPriorityWidth || !priority || !number) return std::nullopt;
  item.priority = *priority;
  item.number = *number;
  return item;
}

std::string with_attempts(std::string_view base, int attempts) {
  return attempts > 0 ? fmt::format("{}.{}", base, attempts) : std::string(base);
}

std::string claims_prefix(std::string_view name) { return beside(name, "claims"); }

std::string claims_prefix(std::string_view name, std::int64_t lease) {
  return claims_prefix(name) + lease_hex(lease) + '/';
}

std::string claim_key(std::string_view name, std::int64_t lease, std::string_view item_key) {
  return claims_prefix(name, lease) + std::string(item_key.substr(queue_prefix(name).size()));
}

std::string alive_prefix(std::string_view name) { return beside(name, "alive"); }

std::string alive_key(std::string_view name, std::int64_t lease) {
  return alive_prefix(name) + lease_hex(lease);
}

std::string producers_prefix(std::string_view name) { return beside(name, "puts"); }

std::string producer_key(std::string_view name, std::string_view digits) {
  return producers_prefix(name) + std::string(digits);
}

std::optional<QueueClaimKey> parse_claim(std::string_view name, std::string_view key) {
  const std::string prefix = claims_prefix(name);
  if (!key.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = key.substr(prefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto lease = parse_lease(rest.substr(0, slash));
  if (!lease || lease_hex(*lease) != rest.substr(0, slash)) return std::nullopt;
  QueueClaimKey claim{.lease = *lease,
                      .item_key = queue_prefix(name) + std::string(rest.substr(slash + 1)),
                      .item = {}};
  const auto item = parse_queue_item(name, claim.item_key);
  if (!item) return std::nullopt;
  claim.item = *item;
  return claim;
}

std::optional<std::int64_t> parse_alive(std::string_view name, std::string_view key) {
  const std::string prefix = alive_prefix(name);
  if (!key.starts_with(prefix)) return std::nullopt;
  return parse_lease(key.substr(prefix.size()));
}

bool is_alive_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return slash != std::string_view::npos && key.starts_with("__") &&
         key.substr(0, slash).ends_with("/alive") && parse_lease(key.substr(slash + 1)).has_value();
}

}  // namespace coord::layout
