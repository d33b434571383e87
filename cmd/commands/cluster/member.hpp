// coord member list, add, remove, update, promote.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct MemberListOptions {
  std::string consistency = "l";
};

struct MemberAddOptions {
  std::string name;
  std::string peer_urls;
  bool learner = false;
};

struct MemberChangeOptions {
  std::string id;
  std::string peer_urls;  // of update
};

void define_member(CLI::App& root, cli::Registry& registry);

Result<int> run_member_list(const MemberListOptions& options, cli::Env& env);
// Also says how the new member is to be started.
Result<int> run_member_add(const MemberAddOptions& options, cli::Env& env);
Result<int> run_member_remove(const MemberChangeOptions& options, cli::Env& env);
Result<int> run_member_update(const MemberChangeOptions& options, cli::Env& env);
Result<int> run_member_promote(const MemberChangeOptions& options, cli::Env& env);

}  // namespace coord::commands
