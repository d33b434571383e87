#include <fmt/format.h>

#include <algorithm>

#include "cmd/commands/looking/status.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using recipe::Census;
using recipe::Health;
using recipe::MemberHealth;
using recipe::Tally;

// A name is empty where none was learned.
std::string name_or_id(const Health& health, std::uint64_t member) {
  const std::string name = health.name_of(member);
  return name.empty() ? id_text(member) : printable(name);
}

const char* alarm_name(etcd::Alarm alarm) {
  return alarm == etcd::Alarm::no_space ? "NOSPACE" : "CORRUPT";
}

// Without what is told anyway: a missing leader, and the alarms if they could be learned.
std::vector<std::string> other_errors(const Health& health, const etcd::MemberStatus& status) {
  std::vector<std::string> errors;
  std::ranges::copy_if(status.errors, std::back_inserter(errors), [&](const std::string& text) {
    return !text.contains("no leader") && (health.alarms.empty() || !text.contains("alarm:"));
  });
  return errors;
}

const char* role_of(const etcd::MemberStatus& status) {
  if (status.leader == 0) return "sees no leader";
  if (status.is_leader()) return "leads";
  return status.learner ? "learns" : "follows";
}

bool has_leader(const Health& health) { return health.leader() != 0; }

// A leader may believe in itself for a moment longer than a majority is there.
const char* state_of(const Health& health, const Result<Census>& census) {
  if (!has_leader(health)) return "no leader";
  if (!census && census.error().code == Code::unavailable) return "no majority";
  const bool all_well = std::ranges::all_of(health.members, [&](const MemberHealth& one) {
    return one.status && one.status->leader != 0 && other_errors(health, *one.status).empty();
  });
  return all_well && health.alarms.empty() ? "healthy" : "degraded";
}

std::string who_line(const MemberHealth& one) {
  const std::string name = one.member ? printable(one.member->name) : std::string{};
  if (one.endpoint.empty()) return name.empty() ? "a new member" : name;
  return name.empty() ? one.endpoint : name + " at " + one.endpoint;
}

std::string member_line(const Health& health, const MemberHealth& one) {
  if (!one.status) return fmt::format("  {}: away: {}", who_line(one), one.status.error().message);
  const etcd::MemberStatus& status = *one.status;
  std::string line =
      fmt::format("  {}: {}, etcd {}, database {} of which {} in use, revision {}, term {}",
                  who_line(one), role_of(status), status.version, bytes_text(status.db_size),
                  bytes_text(status.db_size_in_use), status.header.revision, status.raft_term);
  for (const std::string& error : other_errors(health, status)) line += ", " + printable(error);
  return line;
}

out::Fields member_fields(const MemberHealth& one) {
  out::Record record;
  record.add("endpoint", "Endpoint", out::Text{one.endpoint});
  if (one.member) record.add("name", "Name", out::Readable{one.member->name});
  record.add("answers", "Answers", one.status.has_value(), out::Zero::keep);
  if (!one.status) {
    record.add("error", "Error", out::Text{one.status.error().message});
    return record.fields;
  }
  const etcd::MemberStatus& status = *one.status;
  record.add("id", "ID", out::Text{id_text(status.header.member_id)})
      .add("leads", "Leads", status.is_leader(), out::Zero::keep)
      .add("learner", "Learner", status.learner)
      .add("version", "Version", out::Text{status.version})
      .add("db_size", "DBSize", status.db_size)
      .add("db_size_in_use", "DBSizeInUse", status.db_size_in_use)
      .add("revision", "Revision", status.header.revision)
      .add("raft_term", "RaftTerm", status.raft_term);
  out::List errors;
  for (const std::string& error : status.errors) errors.emplace_back(out::Text{error});
  record.add("errors", "Errors", std::move(errors));
  return record.fields;
}

void add_cluster(out::Record& record, const Health& health, const char* state) {
  const etcd::MemberStatus& newest = *health.newest;
  const auto answering = static_cast<std::int64_t>(health.answering());
  const auto voters = static_cast<std::int64_t>(health.voters());
  const auto needed = static_cast<std::int64_t>(health.needed());
  record.add("state", "State", out::Text{state})
      .add("cluster_id", "ClusterID", out::Text{id_text(newest.header.cluster_id)});
  if (has_leader(health))
    record.add("leader", "Leader", out::Text{name_or_id(health, health.leader())});
  record.add("answering", "Answering", answering, out::Zero::keep)
      .add("voters", "Voters", voters)
      .add("needed", "Needed", needed)
      .add("revision", "Revision", newest.header.revision)
      .add("raft_term", "RaftTerm", newest.raft_term);
  record.line(fmt::format(
      "cluster {}: {}{}, {} of {} {}, {} needed", id_text(newest.header.cluster_id), state,
      has_leader(health) ? ", led by " + name_or_id(health, health.leader()) : "", answering,
      voters, voters == 1 ? "member answers" : "members answer", needed));
}

void add_members(out::Record& record, const Health& health) {
  out::List members;
  for (const MemberHealth& one : health.members) {
    members.emplace_back(member_fields(one));
    record.line(member_line(health, one));
  }
  record.add("members", "", std::move(members));
  out::List alarms;
  for (const etcd::AlarmMember& one : health.alarms) {
    out::Record alarm;
    alarm.add("member", "AlarmMember", out::Text{name_or_id(health, one.member_id)})
        .add("alarm", "Alarm", out::Text{alarm_name(one.alarm)});
    alarms.emplace_back(std::move(alarm.fields));
    record.line(
        fmt::format("  alarm of {}: {}", name_or_id(health, one.member_id), alarm_name(one.alarm)));
  }
  record.add("alarms", "", std::move(alarms));
}

// One kind of thing: how many names, and how many KEYS (what they are called) they have.
struct Row {
  const char* name;
  const char* label;
  const char* words;
  const Tally* tally;
  const char* keys;
};

void add_row(out::Record& record, out::Record& counts, const Row& row) {
  counts.add(row.name, row.label, row.tally->names, out::Zero::keep);
  counts.add(std::string(row.name) + "_keys", std::string(row.label) + "Keys", row.tally->keys,
             out::Zero::keep);
  record.line(fmt::format(
      "{}: {}{}", row.words, row.tally->names,
      row.tally->names > 0 ? fmt::format(", {}: {}", row.keys, row.tally->keys) : std::string{}));
}

void add_census(out::Record& record, const Census& census) {
  const char* who = "holders and waiters";
  out::Record counts;
  for (const Row& row :
       {Row{"locks", "Locks", "locks", &census.locks, who},
        Row{"rwlocks", "RWLocks", "rwlocks", &census.rwlocks, who},
        Row{"semaphores", "Semaphores", "semaphores", &census.semaphores, who},
        Row{"elections", "Elections", "elections", &census.elections, "candidates"},
        Row{"double_barriers", "DoubleBarriers", "double barriers", &census.double_barriers,
            "participants"},
        Row{"queues", "Queues", "queues", &census.queues, "items"},
        Row{"services", "Services", "services", &census.services, "instances"}})
    add_row(record, counts, row);
  counts.add("claimed_items", "ClaimedItems", census.claimed_items, out::Zero::keep)
      .add("dead_items", "DeadItems", census.dead_items, out::Zero::keep)
      .add("leased_barriers", "LeasedBarriers", census.leased_barriers, out::Zero::keep)
      .add("sessions", "Sessions", census.sessions, out::Zero::keep)
      .add("keys", "Keys", census.keys, out::Zero::keep)
      .add("at_revision", "AtRevision", census.revision);
  record.add("counts", "", std::move(counts.fields));
  record.line(fmt::format(
      "claimed items: {}, dead items: {}, barriers held with a session: {}, sessions: {}, "
      "keys: {} at revision {}",
      census.claimed_items, census.dead_items, census.leased_barriers, census.sessions, census.keys,
      census.revision));
}

}  // namespace

out::Record status_record(const Health& health, const Result<Census>& census) {
  out::Record record;
  add_cluster(record, health, state_of(health, census));
  add_members(record, health);
  if (census) add_census(record, *census);
  return record;
}

}  // namespace coord::commands
