// coord proxy SERVICE --listen ADDR: a TCP balancer over what is registered.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/services/service_words.hpp"
#include "coord/base/clock.hpp"

namespace coord::commands {

struct ProxyOptions {
  ServiceWords service;
  std::string listen;
  std::string balance = "round-robin";  // or least-connections, random
  Duration connect_timeout = std::chrono::seconds{5};
  std::optional<Duration> drain;  // at TERM; none: until all connections have ended
};

void define_proxy(CLI::App& root, cli::Registry& registry);

// 0 when INT or TERM have ended it; before it listens it dies of them. Code::unavailable, denied:
// the list could not be read in the first place; an outage later on changes nothing but that the
// list gets old.
Result<int> run_proxy(const ProxyOptions& options, cli::Env& env);

}  // namespace coord::commands
