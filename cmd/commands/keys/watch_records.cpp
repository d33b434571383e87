#include "cmd/commands/keys/watch_records.hpp"

#include <fmt/format.h>

#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

using Kind = etcd::WatchReply::Kind;

out::Symbol type_of(const etcd::Event& event) {
  return event.type == etcd::Event::Type::put ? out::Symbol{0, "PUT"} : out::Symbol{1, "DELETE"};
}

out::Fields only_in_json(out::Fields fields) {
  for (out::Field& field : fields) field.label.clear();
  return fields;
}

// In json what the key was before comes last, in fields first.
out::Fields event_fields(const etcd::Event& event) {
  out::Fields fields{{"type", "Type", type_of(event)}};
  if (event.prev_kv) fields.push_back({"", "", key_value_fields(*event.prev_kv, "Prev")});
  fields.push_back({"kv", "", key_value_fields(event.kv)});
  if (event.prev_kv)
    fields.push_back({"prev_kv", "", only_in_json(key_value_fields(*event.prev_kv))});
  return fields;
}

void add_lines(out::Record& record, const etcd::Event& event) {
  record.line(type_of(event).name);
  if (event.prev_kv) record.bytes(event.prev_kv->key).bytes(event.prev_kv->value);
  record.bytes(event.kv.key).bytes(event.kv.value);
}

// A watch that never came about has no list of events, not even an empty one.
out::Value events_of(const etcd::WatchReply& reply, out::Record& record) {
  if (reply.kind == Kind::cancelled) return {};
  out::List events;
  for (const etcd::Event& event : reply.events) {
    events.emplace_back(event_fields(event));
    add_lines(record, event);
  }
  return events;
}

}  // namespace

std::string type_name(const etcd::Event& event) { return type_of(event).name; }

Result<> print_watch(cli::Env& env, const etcd::WatchReply& reply) {
  if (reply.kind == Kind::progress)
    env.out().write(fmt::format("progress notify: {}\n", reply.header.revision));
  env.printer().message([&] { return etcd::wire(reply); });
  env.print(watch_record(reply));
  return env.out().flush();
}

out::Record watch_record(etcd::WatchReply reply) {
  constexpr auto kKeep = out::Zero::keep;
  const bool ended = reply.kind == Kind::cancelled || reply.kind == Kind::compacted;
  out::Record record;
  record.add("Header", "", header_fields(reply.header));
  out::Value events = events_of(reply, record);
  record.add("Events", "", std::move(events), kKeep);
  record.add("CompactRevision", "", reply.compact_revision, kKeep);
  record.add("Canceled", "", ended, kKeep).add("Created", "", false, kKeep);
  return record;
}

}  // namespace coord::commands
