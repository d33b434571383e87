// coord subscribe TOPIC [-- CMD…]: prints the messages of a topic as they come, or runs CMD for
// each.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct SubscribeOptions {
  std::string topic;
  std::optional<std::string> from;    // beginning, now, or a revision
  std::optional<std::string> resume;  // the name that the position is kept under
  std::optional<std::int64_t> count;
  std::optional<Duration> timeout;
  std::optional<std::string> conflict_status;
  std::int64_t attempts = 5;
  Duration ttl = std::chrono::seconds{15};
  std::string note;
  bool null = false;
  bool strict = false;
};

void define_subscribe(CLI::App& root, cli::Registry& registry);
Result<int> run_subscribe(const SubscribeOptions& options, cli::Env& env);

// The two ways: subscribe_print.cpp and subscribe_run.cpp.
Result<int> print_messages(const SubscribeOptions& options, cli::Env& env);
Result<int> run_for_messages(const SubscribeOptions& options, cli::Env& env);

}  // namespace coord::commands
