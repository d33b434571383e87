// coord dequeue NAME [-- CMD…]: takes items out of a queue, and prints them or has CMD work on
// them. Inside of a session just as outside: an item is done when it is printed or CMD has
// succeeded, so there is nothing that the session could hold on to; the claims hang on a lease of
// their own.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::commands {

struct DequeueOptions {
  std::string name;
  std::int64_t count = 1;
  bool follow = false;
  bool priority = false;
  std::int64_t attempts = 5;
  bool null = false;
  HoldOptions hold;

  recipe::QueueName queue() const {
    return {name, priority ? layout::QueueKind::priority : layout::QueueKind::fifo};
  }
};

void define_dequeue(CLI::App& root, cli::Registry& registry);
Result<int> run_dequeue(const DequeueOptions& options, cli::Env& env);

// The two halves of it. PLAN without a claim.
Result<int> print_items(const DequeueOptions& options, const run::Plan& plan, cli::Env& env);
Result<int> work_on_items(const DequeueOptions& options, cli::Env& env);

}  // namespace coord::commands
