// coord discover SERVICE: which addresses are registered; once, as they come and go, or for a
// command.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/services/service_words.hpp"
#include "coord/base/clock.hpp"

namespace coord::commands {

struct DiscoverOptions {
  ServiceWords service;
  bool watch = false;
  std::optional<std::int64_t> wait;  // until so many are there
  std::optional<Duration> timeout;   // of that
  std::optional<std::string> pick;   // random, round-robin, first
  std::string format = "addr";
};

void define_discover(CLI::App& root, cli::Registry& registry);

// Exit status 1 when nothing is registered.
Result<int> run_discover(const DiscoverOptions& options, cli::Env& env);

// The parts of it. --watch, and with a CMD: until a signal or an error.
Result<int> watch_service(const recipe::Service& service, bool as_json, cli::Env& env);
Result<int> run_for_service(const recipe::Service& service, cli::Env& env);

}  // namespace coord::commands
