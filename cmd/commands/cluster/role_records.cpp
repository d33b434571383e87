#include "cmd/commands/cluster/role_records.hpp"

#include <fmt/format.h>

#include "cmd/commands/shared/records.hpp"
#include "coord/base/bytes.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

using Type = etcd::Permission::Type;

out::Symbol symbol(Type type) {
  constexpr const char* kNames[] = {" READ", " WRITE", " READWRITE"};  // etcdctl has that blank
  const auto number = static_cast<std::int64_t>(type);
  return {number, number < 3 ? kNames[number] : std::to_string(number)};
}

std::string permission_text(const etcd::Permission& permission) {
  if (permission.range_end.empty()) return '\t' + permission.key;
  std::string text = '\t' + range_text(permission.key, permission.range_end);
  if (!permission.key.empty() && prefix_end(permission.key) == permission.range_end)
    text += fmt::format(" (prefix {})", permission.key);
  return text;
}

}  // namespace

std::string range_text(const std::string& key, const std::string& range_end) {
  if (range_end == std::string(1, '\0')) return fmt::format("[{}, <open ended>", key);
  return fmt::format("[{}, {})", key, range_end);
}

void print_done(cli::Env& env, const etcd::Header& header, std::string sentence) {
  out::Record record;
  record.fields.push_back(header_field(header));
  record.line(std::move(sentence));
  env.printer().message([&] { return etcd::wire(header); });
  env.print(record);
}

out::Record names_record(const etcd::Names& names, const char* name, const char* label) {
  out::Record record;
  record.fields.push_back(header_field(names.header));
  out::List list;
  std::string quoted;
  for (const std::string& each : names.names) {
    list.emplace_back(out::Text{each});
    if (!quoted.empty()) quoted += ' ';
    quoted += go_quote(each);
  }
  record.add(name, "", std::move(list));
  record.add("", label, out::Symbol{0, quoted});
  return record;
}

out::Record role_record(const std::string& name, const etcd::RolePermissions& role) {
  out::Record record;
  record.fields.push_back(header_field(role.header));
  out::List permissions;
  for (const etcd::Permission& each : role.permissions) {
    permissions.emplace_back(out::Fields{{"permType", "PermType", symbol(each.type)},
                                         {"key", "Key", out::Bytes{each.key}},
                                         {"range_end", "RangeEnd", out::Bytes{each.range_end}}});
  }
  record.add("perm", "", std::move(permissions));
  record.line("Role " + name).line("KV Read:");
  for (const etcd::Permission& each : role.permissions)
    if (each.reads()) record.line(permission_text(each));
  record.line("KV Write:");
  for (const etcd::Permission& each : role.permissions)
    if (each.writes()) record.line(permission_text(each));
  return record;
}

}  // namespace coord::commands
