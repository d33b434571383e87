// coord register SERVICE ADDR [-- CMD…]: lists an address of a service while CMD runs, or until a
// signal ends it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/services/service_words.hpp"
#include "coord/base/clock.hpp"

namespace coord::commands {

struct RegisterOptions {
  ServiceWords service;
  std::string address;
  std::vector<std::string> metadata;  // "NAME=VALUE"
  Duration ttl = std::chrono::seconds{15};
  std::optional<Duration> timeout;
  bool nonblock = false;
  bool take_over = false;
  bool notify = false;
  std::optional<std::string> check;
  Duration every = std::chrono::seconds{5};
  std::optional<Duration> check_timeout;  // as `every`
};

void define_register(CLI::App& root, cli::Registry& registry);

// Inside of a session and without CMD and check: registers under the session's lease and returns.
Result<int> run_register(const RegisterOptions& options, cli::Env& env);

}  // namespace coord::commands
