#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/commands/cluster/each_member.hpp"
#include "cmd/commands/cluster/endpoint.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"

namespace coord::commands {
namespace {

out::Fields downgrade_fields(const etcd::Downgrading& downgrade) {
  return {{"enabled", "", downgrade.enabled},
          {"targetVersion", "", out::Text{downgrade.target_version}}};
}

// In the names and the order of json; those of fields are a few less.
out::Fields status_fields(const etcd::MemberStatus& status) {
  out::List errors;
  for (const std::string& error : status.errors) errors.emplace_back(out::Text{error});
  out::Fields fields{
      header_field(status.header),
      {"version", "Version", out::Text{status.version}},
      {"dbSize", "DBSize", status.db_size},
      {"leader", "Leader", status.leader},
      {"", "IsLearner", status.learner},
      {"raftIndex", "RaftIndex", status.raft_index},
      {"raftTerm", "RaftTerm", status.raft_term},
      {"raftAppliedIndex", "RaftAppliedIndex", status.raft_applied_index},
      {"errors", "", std::move(errors)},
      {"", "Errors", out::Symbol{0, fmt::format("[{}]", fmt::join(status.errors, " "))}},
      {"dbSizeInUse", "", status.db_size_in_use},
      {"isLearner", "", status.learner},
      {"storageVersion", "", out::Text{status.storage_version}},
      {"dbSizeQuota", "", status.db_size_quota}};
  if (status.downgrade)
    fields.push_back({"downgradeInfo", "", downgrade_fields(*status.downgrade)});
  return fields;
}

out::Record record_of(const std::string& endpoint, const etcd::MemberStatus& status) {
  out::Record record;
  record.add("Endpoint", "", out::Text{endpoint}, out::Zero::keep);
  record.add("Status", "", status_fields(status));
  record.add("", "Endpoint", out::Text{endpoint});
  record.fields.push_back(gap());
  out::Cells cells{{"ENDPOINT", endpoint},
                   {"ID", id_text(status.header.member_id)},
                   {"VERSION", status.version},
                   {"DB SIZE", bytes_text(status.db_size)},
                   {"IS LEADER", status.is_leader() ? "true" : "false"},
                   {"IS LEARNER", status.learner ? "true" : "false"},
                   {"RAFT TERM", std::to_string(status.raft_term)},
                   {"RAFT INDEX", std::to_string(status.raft_index)},
                   {"RAFT APPLIED INDEX", std::to_string(status.raft_applied_index)},
                   {"ERRORS", fmt::format("{}", fmt::join(status.errors, ", "))}};
  record.line(joined(cells));
  record.row(std::move(cells));
  return record;
}

}  // namespace

Result<int> run_endpoint_status(const EndpointOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto endpoints, member_endpoints(env, options.cluster));
  COORD_TRY_INTO(const etcd::Client* client, env.client());
  const auto answers = ask_each<etcd::MemberStatus>(env, *client, endpoints,
                                                    [](etcd::Client& member, const Context& ctx) {
                                                      return etcd::Maintenance(member).status(ctx);
                                                    });
  return show_each(env, "endpoint status", answers, record_of);
}

}  // namespace coord::commands
