#include "cmd/commands/keys/watch_event.hpp"

#include "cmd/commands/keys/watch_records.hpp"
#include "cmd/commands/shared/event_input.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

class Surroundings {
 public:
  explicit Surroundings(run::Event& event) : event_(&event) {}

  Surroundings& set(const std::string& name, const std::optional<std::string>& value) {
    const bool fits =
        value && !value->contains('\0') && name.size() + 1 + value->size() < run::kLongestVariable;
    if (fits) {
      event_->variables.emplace_back(name, *value);
    } else {
      event_->absent.push_back(name);
    }
    return *this;
  }

 private:
  run::Event* event_;
};

std::string lease_of(const etcd::KeyValue& kv) {
  return kv.lease == 0 ? "" : layout::lease_hex(kv.lease);
}

out::Fields readable(const etcd::KeyValue& kv) {
  out::Record record;
  record.add("value", "", out::Readable{kv.value}, out::Zero::keep);
  record.add("create_revision", "", kv.create_revision).add("mod_revision", "", kv.mod_revision);
  record.add("version", "", kv.version).add("lease", "", out::Text{lease_of(kv)});
  return record.fields;
}

out::Record record_of(const WatchNews& news, const etcd::Event& event) {
  out::Record record;
  record.add("type", "", out::Text{type_name(event)});
  record.add("key", "", out::Readable{event.kv.key}, out::Zero::keep);
  if (event.type == etcd::Event::Type::put) {
    for (out::Field& field : readable(event.kv)) record.fields.push_back(std::move(field));
  } else {
    record.add("mod_revision", "", event.kv.mod_revision);
  }
  if (event.prev_kv) record.add("prev", "", readable(*event.prev_kv));
  record.add("revision", "", news.reply.header.revision).add("initial", "", news.initial);
  return record;
}

void set_variables(run::Event& out, const WatchNews& news, const etcd::Event& event) {
  const etcd::KeyValue& kv = event.kv;
  const bool put = event.type == etcd::Event::Type::put;
  const auto if_put = [&](std::string text) {
    return put ? std::optional(std::move(text)) : std::nullopt;
  };
  const std::string type = type_name(event);
  Surroundings(out)
      .set("ETCD_WATCH_REVISION", std::to_string(news.reply.header.revision))
      .set("ETCD_WATCH_EVENT_TYPE", go_quote(type))
      .set("ETCD_WATCH_KEY", go_quote(kv.key))
      .set("ETCD_WATCH_VALUE", go_quote(kv.value))
      .set("COORD_EVENT_TYPE", type)
      .set("COORD_EVENT_KEY", kv.key)
      .set("COORD_EVENT_VALUE", if_put(kv.value))
      .set("COORD_EVENT_REV", std::to_string(kv.mod_revision))
      .set("COORD_EVENT_CREATE_REV", if_put(std::to_string(kv.create_revision)))
      .set("COORD_EVENT_VERSION", if_put(std::to_string(kv.version)))
      .set("COORD_EVENT_LEASE", if_put(lease_of(kv)))
      .set("COORD_EVENT_PREV_VALUE",
           event.prev_kv ? std::optional(event.prev_kv->value) : std::nullopt)
      .set("COORD_EVENT_INITIAL", news.initial ? std::optional<std::string>("1") : std::nullopt);
}

}  // namespace

Result<run::Event> event_for_command(const WatchNews& news, const etcd::Event& event) {
  run::Event result;
  COORD_TRY_INTO(result.input, json_input(record_of(news, event)));
  set_variables(result, news, event);
  return result;
}

}  // namespace coord::commands
