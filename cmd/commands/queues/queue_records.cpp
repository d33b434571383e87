#include "cmd/commands/queues/queue_records.hpp"

#include <fmt/format.h>

#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

void add_item(out::Record& record, const std::string& key, const std::string& value,
              std::int64_t revision, int attempt) {
  record.add("key", "Key", out::Readable{key})
      .add("value", "Value", out::Readable{value}, out::Zero::keep)
      .add("revision", "Revision", revision)
      .add("attempt", "Attempt", static_cast<std::int64_t>(attempt));
}

std::string attempts_text(int failed) {
  if (failed == 0) return "";
  return failed == 1 ? ", failed once" : fmt::format(", failed {} times", failed);
}

}  // namespace

out::Record waiting_record(const recipe::QueueItem& item, std::int64_t place) {
  out::Record record;
  record.add("state", "State", out::Text{"waiting"});
  add_item(record, item.key, item.value, item.mod_revision, item.attempts + 1);
  record.line(fmt::format("{}. {}, key {}, revision {}{}", place, in_quotes(item.value),
                          printable(item.key), item.mod_revision, attempts_text(item.attempts)));
  return record;
}

out::Record claim_record(const recipe::QueueClaim& claim) {
  const int attempt = claim.key.item.attempts + 1;
  out::Record record;
  record.add("state", "State", out::Text{claim.is_alive ? "claimed" : "abandoned"});
  add_item(record, claim.key.item_key, claim.value, claim.create_revision, attempt);
  std::string who = "nobody any more, it will be served again";
  if (claim.who) {
    out::Record holder;
    add_info(holder, claim.who);
    record.add("holder", "", holder.fields);
    who = who_is(*claim.who) + for_age(*claim.who);
  }
  record.line(fmt::format("claimed: {} by {}, attempt {}, key {}", in_quotes(claim.value), who,
                          attempt, printable(claim.key.item_key)));
  return record;
}

out::Record peeked_record(const recipe::QueueItem& item) {
  out::Record record;
  add_item(record, item.key, item.value, item.mod_revision, item.attempts + 1);
  return record.bytes(item.value);
}

}  // namespace coord::commands
