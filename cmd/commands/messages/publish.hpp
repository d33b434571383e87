// coord publish TOPIC [VALUE…|-]: puts messages into a topic.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/bulk_put.hpp"

namespace coord::commands {

struct PublishOptions {
  std::string topic;
  std::string retain = "1h";  // or "forever"
  BulkOptions messages;
};

void define_publish(CLI::App& root, cli::Registry& registry);
Result<int> run_publish(const PublishOptions& options, cli::Env& env);

// Code::usage for names that cannot be those of a topic.
Result<> check_topic(const std::string& topic);

}  // namespace coord::commands
