#include "cmd/commands/keys/wait_words.hpp"

#include <fmt/format.h>

#include "coord/base/bytes.hpp"

namespace coord::commands {

using recipe::Condition;
using recipe::ConditionWait;

std::string AwaitedConditions::what() const {
  const auto& all = wait_->conditions();
  return all.size() == 1 ? in_quotes(all.front().text()) : fmt::format("{} conditions", all.size());
}

Result<run::Obstacle> AwaitedConditions::obstacle(const Context& ctx, etcd::Client& /*client*/,
                                                  std::int64_t /*own_lease*/) {
  COORD_TRY_INTO(const auto seen, wait_->look(ctx));
  run::Obstacle obstacle = does_not_hold(*wait_, seen);
  // what() has named a single one already.
  if (seen.found.size() == 1 && !obstacle.who.empty())
    obstacle.who = wait_->conditions().front().state(seen.found.front());
  return obstacle;
}

run::Obstacle does_not_hold(const ConditionWait& wait, const ConditionWait::Seen& seen) {
  const auto missing = wait.missing(seen);
  if (missing.empty()) return {};
  const Condition& first = wait.conditions()[missing.front()];
  run::Obstacle obstacle{.who = fmt::format("{} does not hold: {}", in_quotes(first.text()),
                                            first.state(seen.found[missing.front()])),
                         .age = "",
                         .place = ""};
  const std::size_t more = missing.size() - 1;
  if (more > 0) obstacle.place = fmt::format("nor {} {} more", more == 1 ? "does" : "do", more);
  return obstacle;
}

out::Record progress_record(const Condition& condition, const etcd::RangeReply& found,
                            std::int64_t revision) {
  const bool counts = condition.kind() == Condition::Kind::count;
  const bool absent = found.kvs.empty();
  const bool has_value = condition.kind() != Condition::Kind::existence;
  std::string shown = absent ? "absent" : "present";
  out::Record record;
  record.add("condition", "Condition", out::Readable{condition.text()})
      .add("holds", "Holds", condition.holds(found), out::Zero::keep);
  if (counts) {
    record.add("count", "Count", found.count, out::Zero::keep);
    shown = std::to_string(found.count);
  } else {
    record.add("exists", "Exists", !absent, out::Zero::keep);
  }
  if (!counts && !absent && has_value) {
    shown = printable(found.kvs.front().value);
    record.add("value", "Value", out::Readable{found.kvs.front().value}, out::Zero::keep);
  }
  record.add("revision", "Revision", revision);
  return record.line(fmt::format("{}: {}", printable(condition.text()), shown));
}

}  // namespace coord::commands
