// EnvSource: the keys under a prefix as environments, one after the other, each of one revision.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/event_source.hpp"
#include "coord/recipe/live_range.hpp"

namespace coord::commands {

struct EnvQuery {
  std::string prefix;
  bool upper = false;
  bool allow_empty = false;
  bool pristine = false;
};

struct EnvSnapshot {
  run::Variables variables;
  std::int64_t revision = 0;
};

// For one thread at a time; opens the client at its first use. Outages are told on stderr.
class EnvSource {
 public:
  EnvSource(cli::Env& env, EnvQuery query);

  std::string what() const;  // for messages

  // What is there now. Code::unavailable, denied, not_found, bad_data.
  Result<EnvSnapshot> first(const Context& ctx);

  // first(), and then each change, as an event for CMD. What can't be an environment is told, and
  // left out, once there has been one that could. Code::cancelled; denied.
  Result<std::optional<run::Event>> next(const Context& ctx);

  run::Event event_of(const EnvSnapshot& snapshot) const;

 private:
  Result<EnvSnapshot> snapshot() const;
  bool take(const recipe::RangeNews& news);
  void tell(const Error& error);

  cli::Env* env_;
  EnvQuery query_;
  std::optional<recipe::LiveRange> range_;
  std::int64_t revision_ = 0;
  bool begun_ = false;
  std::string told_;  // why the newest state is none for CMD
};

}  // namespace coord::commands
