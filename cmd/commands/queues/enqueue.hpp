// coord enqueue NAME [VALUE…|-]: puts items into a queue.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/bulk_put.hpp"

namespace coord::commands {

struct EnqueueOptions {
  std::string name;
  std::optional<std::string> priority;
  BulkOptions items;
};

void define_enqueue(CLI::App& root, cli::Registry& registry);
Result<int> run_enqueue(const EnqueueOptions& options, cli::Env& env);

}  // namespace coord::commands
