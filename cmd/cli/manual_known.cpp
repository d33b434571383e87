// What stands in the manual for @NAME.
#include <fmt/format.h>

#include <array>

#include "cmd/cli/manual.hpp"
#include "cmd/cli/settings.hpp"
#include "coord/base/layout.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/base/layout_service.hpp"
#include "coord/base/layout_topic.hpp"

namespace coord::cli {
namespace {

constexpr std::int64_t kLease = 0x694d9f5c;
constexpr std::int64_t kNanos = 1763740800000000000;
constexpr const char* kDigits = "1763740800000000000";

Items variables() {
  Items items;
  for (const Setting& setting : settings()) {
    if (setting.variable)
      items.emplace_back(variable_name("COORD_", setting.name),
                         fmt::format("`--{}`: {}.", setting.name, setting.help));
  }
  return items;
}

Items keys_of_holders() {
  using namespace layout;
  return {
      {"lock, election, semaphore", lock_key("NAME", kLease)},
      {"rwlock, a reader", rwlock_key("NAME", Access::read, kNanos)},
      {"rwlock, a writer", rwlock_key("NAME", Access::write, kNanos)},
      {"election, who leads", holder_key(lock_key("NAME", kLease))},
      {"barrier", "NAME"},
      {"double barrier, who is here", waiter_key("NAME", kNanos)},
      {"double barrier, all are here", ready_key("NAME")},
      {"session", session_key(kLease)},
  };
}

Items keys_of_queues() {
  using namespace layout;
  const std::string item = fifo_item("NAME", kDigits);
  return {
      {"queue, an item", item},
      {"queue, after two failures", with_attempts(item, 2)},
      {"queue by priority, an item", priority_item("NAME", 10, 3)},
      {"queue by priority, its counter", priority_bookkeeping("NAME", 10)},
      {"queue, an item that is worked on", claim_key("NAME", kLease, item)},
      {"queue, who works", alive_key("NAME", kLease)},
      {"queue, somebody enqueues", producer_key("NAME", kDigits)},
      {"queue, items that failed", fifo_item(dead_queue("NAME"), kDigits)},
  };
}

Items keys_of_services() {
  using namespace layout;
  const std::string address = "10.0.0.1:80";
  return {
      {"service, layout endpoints", instance_key({}, "NAME", address)},
      {"service, layout plain", instance_key({.kind = ServiceKind::plain}, "NAME", address)},
      {"service, layout json", instance_key({.kind = ServiceKind::json}, "NAME", address)},
      {"service, count of picks", picks_key("NAME")},
      {"topic, a message", message_key("NAME", kDigits, 0)},
      {"topic, a subscriber's position", position_key("NAME", "WHO")},
      {"topic, who has that", lock_key(subscriber_lock("NAME", "WHO"), kLease)},
  };
}

Block keys() {
  Block block{Block::Kind::literal, {}, {}};
  for (const Items& items : {keys_of_holders(), keys_of_queues(), keys_of_services()}) {
    for (const auto& [what, key] : items)
      block.text += fmt::format("{}{}\n    {}", block.text.empty() ? "" : "\n", what, key);
  }
  return block;
}

}  // namespace

Blocks generated(std::string_view name) {
  if (name == "variables") return {{Block::Kind::list, {}, variables()}};
  if (name == "statuses") return {{Block::Kind::list, {}, exit_statuses(nullptr, {})}};
  if (name == "keys") return {keys()};
  return {};
}

Blocks completed(Blocks blocks) {
  Blocks all;
  for (Block& block : blocks) {
    if (block.kind != Block::Kind::generated) {
      all.push_back(std::move(block));
      continue;
    }
    for (Block& made : generated(block.text)) all.push_back(std::move(made));
  }
  return all;
}

}  // namespace coord::cli
