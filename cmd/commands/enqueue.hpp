// coord enqueue NAME [VALUE…|-]: puts items into a queue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct EnqueueOptions {
  std::string name;
  std::vector<std::string> values;
  std::vector<std::string> files;
  std::optional<std::string> priority;
  bool null = false;
  bool print_keys = false;
};

void define_enqueue(CLI::App& root, cli::Registry& registry);
Result<int> run_enqueue(const EnqueueOptions& options, cli::Env& env);

}  // namespace coord::commands
