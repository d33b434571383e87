// What `doctor` finds, and the rooms that look.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "coord/recipe/health.hpp"

namespace coord::commands {

enum class Level { ok, warning, problem };

struct Finding {
  Level level = Level::ok;
  std::string about;  // one word: "config", "endpoint", "login", …
  std::string message;
  std::string mend;  // one line; empty when all is well
};

using Findings = std::vector<Finding>;

// Here: config file, variables, descriptors, the etcd of `coord local`.
void examine_surroundings(cli::Env& env, Findings& findings);

// Each endpoint and each member: does it answer, and if not, why?
void examine_endpoints(const cli::Env& env, const etcd::Options& options,
                       const recipe::Health& health, Findings& findings);

// The cluster, where somebody answers: leader, members, versions, alarms, space.
void examine_cluster(const recipe::Health& health, Findings& findings);

// May we read and write, and is a lease of TTL long enough for the way there?
void examine_requests(cli::Env& env, etcd::Client& client, Duration ttl, Findings& findings);

// Known faults of a server of that version; none for one that is new enough.
struct KnownFault {
  std::string what;
  std::string mended_in;
};
std::vector<KnownFault> known_faults(const std::string& version);

}  // namespace coord::commands
