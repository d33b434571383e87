// ConditionWait: waits until several conditions hold at one revision. Reads only.
//
// What is waited for is a state, not an event: look() reads all keys at one revision; if something
// does not hold the keys are watched from now, and whatever is heard, or might have been missed,
// leads to another look (changes.hpp). So it does not matter what has happened before, what was
// compacted, or how often etcd was restarted; but a state that has come and gone before we looked
// was not seen.
#pragma once

#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/changes.hpp"
#include "coord/recipe/condition.hpp"

namespace coord::recipe {

class ConditionWait {
 public:
  // What each condition's keys are, at one revision; in the order of the conditions.
  struct Seen {
    std::int64_t revision = 0;
    std::vector<etcd::RangeReply> found;
  };

  // CLIENT must outlive it. At least one condition.
  ConditionWait(etcd::Client& client, std::vector<Condition> conditions);

  const std::vector<Condition>& conditions() const { return conditions_; }

  // Reads once: one round trip, or more for more than a hundred conditions. Code::unavailable,
  // denied, timed_out, cancelled; Code::compacted in between those round trips. Any thread.
  Result<Seen> look(const Context& ctx) const;

  // Where the conditions that do not hold stand in the list.
  std::vector<std::size_t> missing(const Seen& seen) const;

  // The first call looks; the next ones block until something has happened, or may have, and look
  // again. Lives through outages. denied, timed_out, cancelled. For one thread.
  Result<Seen> next(const Context& ctx);

 private:
  Result<> read(const Context& ctx, std::size_t first, Seen& seen) const;

  etcd::Client* client_;
  std::vector<Condition> conditions_;
  Changes changes_;
  std::int64_t seen_ = 0;
};

}  // namespace coord::recipe
