#include "cmd/commands/queue_records.hpp"

#include <fmt/format.h>

#include "cmd/commands/people.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

out::Record item_record(const std::string& key, const std::string& value, std::int64_t revision,
                        int attempt) {
  out::Record record;
  record.add("key", "Key", out::Readable{key})
      .add("value", "Value", out::Readable{value}, out::Zero::keep);
  record.add("revision", "Revision", revision)
      .add("attempt", "Attempt", static_cast<std::int64_t>(attempt));
  return record;
}

std::string attempts_text(int failed) {
  if (failed == 0) return "";
  return failed == 1 ? ", failed once" : fmt::format(", failed {} times", failed);
}

}  // namespace

out::Record waiting_record(const recipe::QueueItem& item, std::int64_t place) {
  out::Record record;
  record.add("state", "State", out::Text{"waiting"});
  for (out::Field& field :
       item_record(item.key, item.value, item.mod_revision, item.attempts + 1).fields)
    record.fields.push_back(std::move(field));
  record.line(fmt::format("{}. {}, key {}, revision {}{}", place, in_quotes(item.value),
                          printable(item.key), item.mod_revision, attempts_text(item.attempts)));
  return record;
}

out::Record claim_record(const recipe::QueueClaim& claim) {
  const int attempt = claim.key.item.attempts + 1;
  out::Record record;
  record.add("state", "State", out::Text{claim.is_alive ? "claimed" : "abandoned"});
  for (out::Field& field :
       item_record(claim.key.item_key, claim.value, claim.create_revision, attempt).fields)
    record.fields.push_back(std::move(field));
  std::string who = "nobody any more, it will be served again";
  if (claim.who) {
    out::Record holder;
    add_info(holder, claim.who);
    record.add("holder", "", holder.fields);
    const recipe::Contender contender{{}, {}, claim.who, {}};
    who = who_is(contender) + for_age(contender);
  }
  record.line(fmt::format("claimed: {} by {}, attempt {}, key {}", in_quotes(claim.value), who,
                          attempt, printable(claim.key.item_key)));
  return record;
}

out::Record peeked_record(const recipe::QueueItem& item) {
  return item_record(item.key, item.value, item.mod_revision, item.attempts + 1).bytes(item.value);
}

}  // namespace coord::commands
