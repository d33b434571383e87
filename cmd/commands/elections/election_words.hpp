// What the commands of elections have in common on their lines: the name, and how one that leads
// says which candidate it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/cli11.hpp"
#include "cmd/cli/env.hpp"
#include "coord/recipe/election.hpp"

namespace coord::commands {

struct CandidateOptions {
  std::string name;
  std::string key;
  std::int64_t revision = 0;
};

void add_candidate_options(CLI::App& app, CandidateOptions& options);

// Code::usage for an empty one: it would be every key of the store that begins with a slash.
Result<> check_election(const std::string& name);

// The lease of the session that we are in, if neither --key nor the environment of a leader's CMD
// says which candidate is meant.
Result<std::optional<std::int64_t>> candidate_session(const CandidateOptions& options,
                                                      const cli::Env& env);

// --key and --rev, or what `coord elect NAME` has put into the environment of its CMD, or the key
// of the session that we are in: only that asks etcd. Code::usage where nothing says it, or the key
// is another election's; not_found where the session is no candidate.
Result<recipe::CandidateKey> candidate_of(const CandidateOptions& options, cli::Env& env);

}  // namespace coord::commands
