#include "cmd/commands/cluster/alarm.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

out::Symbol symbol(etcd::Alarm alarm) {
  const auto number = static_cast<std::int64_t>(alarm);
  if (alarm == etcd::Alarm::none) return {number, "NONE"};
  if (alarm == etcd::Alarm::no_space) return {number, "NOSPACE"};
  if (alarm == etcd::Alarm::corrupt) return {number, "CORRUPT"};
  return {number, std::to_string(number)};
}

out::Record record_of(const etcd::AlarmList& list) {
  out::Record record;
  if (list.header) record.fields.push_back(header_field(*list.header));
  out::List alarms;
  for (const etcd::AlarmMember& each : list.alarms) {
    const out::Symbol alarm = symbol(each.alarm);
    record.line(fmt::format("memberID:{} alarm:{} ", each.member_id, alarm.name));
    alarms.emplace_back(out::Fields{
        {"memberID", "MemberID", each.member_id}, {"alarm", "AlarmType", alarm}, gap()});
  }
  record.add("alarms", "", std::move(alarms));
  return record;
}

}  // namespace

void define_alarm(CLI::App& root, cli::Registry& registry) {
  CLI::App& alarm = cli::add_command(
      root,
      {"alarm", "Cluster", "Lists alarms (no space left, members that disagree), and disarms them.",
       "coord alarm list\ncoord alarm disarm"});
  CLI::App& list = cli::add_command(alarm, {"list", kGroup, "Lists the alarms that are raised.",
                                            "coord alarm list\ncoord alarm list --json"});
  registry.add(list, {.run = run_alarm_list, .formats = out::kMessageFormats});
  CLI::App& disarm = cli::add_command(alarm, {"disarm", kGroup, "Disarms all alarms.",
                                              "coord alarm disarm\ncoord alarm disarm -w json"});
  registry.add(disarm, {.run = run_alarm_disarm, .formats = out::kMessageFormats});
}

Result<int> run_alarm_list(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto list, etcd::Maintenance(*client).alarms(env.context()));
  env.printer().message([&] { return etcd::wire(list); });
  env.print(record_of(list));
  return 0;
}

Result<int> run_alarm_disarm(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  etcd::Maintenance maintenance(*client);
  COORD_TRY_INTO(const auto raised, maintenance.alarms(env.context()));
  etcd::AlarmList disarmed;
  for (const etcd::AlarmMember& each : raised.alarms) {
    COORD_TRY_INTO(const auto reply, maintenance.disarm(env.context(), each));
    disarmed.alarms.insert(disarmed.alarms.end(), reply.alarms.begin(), reply.alarms.end());
  }
  env.printer().message([&] { return etcd::wire(disarmed); });
  env.print(record_of(disarmed));
  return 0;
}

}  // namespace coord::commands
