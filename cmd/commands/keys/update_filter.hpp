// The FILTER of `update`: one run of it for each attempt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cmd/cli/env.hpp"
#include "cmd/commands/shared/interrupt.hpp"

namespace coord::commands {

class UpdateFilter {
 public:
  UpdateFilter(cli::Env& env, const Interrupt& interrupt) : env_(&env), interrupt_(&interrupt) {}

  // What FILTER makes of INPUT. An error when it failed, was interrupted or said too much: then
  // nothing is to be written. Code::no_command and Code::cannot_execute. From the main thread.
  Result<std::string> run(std::string_view input);

  // That FILTER ended with, when it failed; coord ends with it too.
  std::optional<int> failed_with() const { return failed_with_; }

 private:
  cli::Env* env_;
  const Interrupt* interrupt_;
  std::optional<int> failed_with_;
};

}  // namespace coord::commands
