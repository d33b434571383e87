#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/cluster/endpoint.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {
namespace {

struct Health {};

std::string alarm_names(const std::vector<etcd::AlarmMember>& alarms) {
  std::string names;
  for (const etcd::AlarmMember& each : alarms) {
    names += each.alarm == etcd::Alarm::no_space  ? "NOSPACE "
             : each.alarm == etcd::Alarm::corrupt ? "CORRUPT "
                                                  : "UNKNOWN ";
  }
  return names;
}

// A key that this user may not read shows as well as any other that there is a majority.
Result<Health> commit(etcd::Client& client, const Context& ctx) {
  const auto read = etcd::Kv(client).range(ctx, {.key = "health"});
  if (!read && !etcd::is_permission_denied(read.error())) return std::unexpected(read.error());
  const auto raised = etcd::Maintenance(client).alarms(ctx);
  if (!raised && raised.error().code != Code::denied) return std::unexpected(raised.error());
  if (!raised || raised->alarms.empty()) return Health{};
  return fail(Code::unavailable, "Active Alarm(s): " + alarm_names(raised->alarms));
}

out::Record record_of(const Answer<Health>& answer) {
  const std::string took = took_text(answer.took);
  const std::string why = answer.reply ? "" : answer.reply.error().message;
  out::Record record;
  record.add("endpoint", "Endpoint", out::Text{answer.endpoint}, out::Zero::keep);
  record.add("health", "Health", answer.reply.has_value(), out::Zero::keep);
  record.add("took", "", out::Text{took}, out::Zero::keep);
  record.add("", "Took", out::Symbol{0, took});
  record.add("error", "", out::Text{why});
  record.add("", "Error", out::Symbol{0, why});
  record.fields.push_back(gap());
  record.row({{"ENDPOINT", answer.endpoint},
              {"HEALTH", answer.reply ? "true" : "false"},
              {"TOOK", took},
              {"ERROR", why}});
  if (answer.reply)
    record.line(fmt::format("{} is healthy: successfully committed proposal: took = {}",
                            answer.endpoint, took));
  return record;
}

}  // namespace

Result<int> run_endpoint_health(const EndpointOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto endpoints, member_endpoints(env, options.cluster));
  COORD_TRY_INTO(const etcd::Client* client, env.client());
  int status = cli::kDone;
  env.printer().begin_list("");
  const auto answers = ask_each<Health>(env, *client, endpoints, commit);
  for (const auto& answer : answers) env.printer().item(record_of(answer));
  env.printer().end_list();
  for (const auto& answer : answers) {
    if (answer.reply) continue;
    status = tell_error(env, "endpoint health: " + answer.endpoint + " is unhealthy",
                        answer.reply.error());
  }
  return status;
}

}  // namespace coord::commands
