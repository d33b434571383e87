// What the commands of elections have in common on their lines: the name, and how one that leads
// says which candidate it is.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/cli11.hpp"
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

// --key and --rev, or what `coord elect NAME` has put into the environment of its CMD. Code::usage
// where neither says it, or the key is another election's.
Result<recipe::CandidateKey> candidate_of(const CandidateOptions& options);

}  // namespace coord::commands
