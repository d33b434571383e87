#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cmd/commands/tools/doctor_findings.hpp"

namespace coord::commands {
namespace {

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kUsualQuota = 2048 * kMiB;  // etcd's own; servers before 3.6 do not tell
constexpr std::int64_t kWorthFreeing = 256 * kMiB;

void examine_leader(const recipe::Health& health, Findings& findings) {
  if (health.leader() == 0) {
    findings.push_back({Level::problem, "leader",
                        "the cluster has no leader, so it takes no request",
                        fmt::format("start members until {} of {} see each other", health.needed(),
                                    health.voters())});
    return;
  }
  const std::string name = health.name_of(health.leader());
  findings.push_back(
      {Level::ok, "leader", name.empty() ? fmt::format("{:x}", health.leader()) : name, ""});
}

void examine_members(const recipe::Health& health, Findings& findings) {
  const std::size_t up = health.answering();
  const std::size_t all = health.voters();
  if (up == all) {
    const bool fragile = all == 2;
    findings.push_back({fragile ? Level::warning : Level::ok, "members",
                        fragile ? "2 of 2 answer; without one of them nothing works"
                                : fmt::format("{} of {} answer", up, all),
                        fragile ? "add a third one: coord member add" : ""});
    return;
  }
  const bool enough = up >= health.needed();
  findings.push_back({enough ? Level::warning : Level::problem, "members",
                      fmt::format("{} of {} answer, {} are needed", up, all, health.needed()),
                      "start those that are away, or replace them: coord member"});
}

void examine_alarms(const recipe::Health& health, Findings& findings) {
  for (const etcd::AlarmMember& one : health.alarms) {
    const std::string name = health.name_of(one.member_id);
    if (one.alarm == etcd::Alarm::no_space) {
      findings.push_back({Level::problem, "alarm",
                          fmt::format("NOSPACE on {}: nothing can be written", name),
                          "coord compaction REVISION, coord defrag, coord alarm disarm"});
    } else {
      findings.push_back({Level::problem, "alarm",
                          fmt::format("CORRUPT on {}: members disagree about the data", name),
                          "take out the member that differs and add it again, empty"});
    }
  }
}

void examine_space(const recipe::MemberHealth& one, Findings& findings) {
  const etcd::MemberStatus& status = *one.status;
  const bool told = status.db_size_quota > 0;
  const std::int64_t quota = told ? status.db_size_quota : kUsualQuota;
  const std::int64_t free = status.db_size - status.db_size_in_use;
  if (status.db_size >= quota / 10 * 8) {
    findings.push_back({Level::warning, "space",
                        fmt::format("{}: the database has {} MiB, its quota is {} MiB{}",
                                    one.endpoint, status.db_size / kMiB, quota / kMiB,
                                    told ? "" : " unless --quota-backend-bytes says more"),
                        "coord compaction REVISION, then coord defrag"});
  } else if (free > kWorthFreeing && free > status.db_size_in_use) {
    findings.push_back({Level::warning, "space",
                        fmt::format("{}: {} of the database's {} MiB are unused", one.endpoint,
                                    free / kMiB, status.db_size / kMiB),
                        "coord defrag --endpoints " + one.endpoint});
  }
}

void examine_versions(const recipe::Health& health, Findings& findings) {
  std::set<std::string> versions;
  for (const recipe::MemberHealth& one : health.members)
    if (one.status) versions.insert(one.status->version);
  if (versions.size() > 1) {
    findings.push_back({Level::warning, "version",
                        fmt::format("members differ: {}", fmt::join(versions, ", ")),
                        "finish the upgrade: all members of one version"});
  }
  for (const std::string& version : versions) {
    for (const KnownFault& fault : known_faults(version)) {
      findings.push_back({Level::warning, "version",
                          fmt::format("etcd {}: {}", version, fault.what), fault.mended_in});
    }
  }
}

}  // namespace

void examine_cluster(const recipe::Health& health, Findings& findings) {
  examine_leader(health, findings);
  examine_members(health, findings);
  examine_alarms(health, findings);
  for (const recipe::MemberHealth& one : health.members)
    if (one.status) examine_space(one, findings);
  examine_versions(health, findings);
}

}  // namespace coord::commands
