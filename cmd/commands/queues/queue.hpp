// coord queue list|length|peek|purge NAME: looks into a queue without taking anything.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::commands {

struct QueueOptions {
  std::string name;
  bool priority = false;
  std::int64_t count = 1;  // peek
  bool null = false;       // peek
  bool yes = false;        // purge

  recipe::QueueName queue() const {
    return {name, priority ? layout::QueueKind::priority : layout::QueueKind::fifo};
  }
};

void define_queue(CLI::App& root, cli::Registry& registry);

Result<int> run_queue_list(const QueueOptions& options, cli::Env& env);
Result<int> run_queue_length(const QueueOptions& options, cli::Env& env);
Result<int> run_queue_peek(const QueueOptions& options, cli::Env& env);
Result<int> run_queue_purge(const QueueOptions& options, cli::Env& env);

}  // namespace coord::commands
