#include "cmd/commands/shared/queue_words.hpp"

#include <fmt/format.h>

#include "cmd/commands/shared/names.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {

Result<> check_queue(const std::string& name) {
  COORD_TRY(check_name("a queue", name));
  if (name.starts_with("__")) {
    return fail(
        Code::usage,
        fmt::format("queue {}: names that begin with '__' are for the bookkeeping of queues",
                    in_quotes(name)),
        "choose another name");
  }
  return {};
}

std::string describe_queue(const std::string& name) { return "queue " + in_quotes(name); }

std::string about_foreign(const recipe::QueueName& queue, const std::string& key) {
  if (key.empty()) return "";
  const auto other = layout::parse_queue_item(queue.name, key);
  const bool is_other_kind = other && other->kind != queue.kind;
  if (is_other_kind) {
    return fmt::format(
        "coord: {} holds items {} priority, such as {}: they are left alone {} --priority",
        describe_queue(queue.name),
        other->kind == layout::QueueKind::priority ? "with a" : "without a", in_quotes(key),
        other->kind == layout::QueueKind::priority ? "without" : "with");
  }
  return fmt::format("coord: {} is no item of {}: names nest, and Go's consumers would take it",
                     in_quotes(key), describe_queue(queue.name));
}

Result<std::uint16_t> parse_priority(std::int64_t number) {
  if (number >= 0 && number <= 65535) return static_cast<std::uint16_t>(number);
  return fail(Code::usage, fmt::format("--priority {} is not a number from 0 to 65535", number));
}

Error as_outage(Error error) {
  if (error.code == Code::timed_out) error.code = Code::unavailable;
  return error;
}

}  // namespace coord::commands
