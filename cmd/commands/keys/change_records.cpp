#include "cmd/commands/keys/change_records.hpp"

#include "cmd/commands/keys/line_diff.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

struct Kind {
  const char* name;
  const char* sign;
};

Kind kind_of(const recipe::KeyChange& change) {
  if (!change.before) return {"added", "+ "};
  return change.after ? Kind{"changed", "~ "} : Kind{"removed", "- "};
}

out::Fields fields_of(const etcd::KeyValue& kv, bool with_value) {
  out::Record record;
  record.add("revision", "Revision", kv.mod_revision).add("version", "Version", kv.version);
  if (kv.lease != 0) record.add("lease", "Lease", out::Text{layout::lease_hex(kv.lease)});
  if (with_value) record.add("value", "Value", out::Readable{kv.value}, out::Zero::keep);
  return std::move(record.fields);
}

}  // namespace

out::Record change_record(const recipe::KeyChange& change, bool with_values) {
  const Kind kind = kind_of(change);
  out::Record record;
  record.add("key", "Key", out::Readable{change.key()})
      .add("change", "Change", out::Text{kind.name});
  if (change.before) record.add("before", "", fields_of(*change.before, with_values));
  if (change.after) record.add("after", "", fields_of(*change.after, with_values));
  record.line(kind.sign + printable(change.key()));
  if (!with_values) return record;
  const std::string none;
  for (const std::string& line : line_diff(change.before ? change.before->value : none,
                                           change.after ? change.after->value : none))
    record.line("  " + line);
  return record;
}

}  // namespace coord::commands
