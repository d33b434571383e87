// The options of commands that run CMD for events: what becomes of those that come while it is
// busy.
#pragma once

#include <optional>
#include <string>

#include "cmd/run/busy_policy.hpp"
#include "coord/base/result.hpp"

namespace CLI {
class App;
}

namespace coord::commands {

struct BusyWords {
  std::optional<std::string> on_busy;
  std::optional<std::string> signal;
  std::optional<Duration> grace;
  std::optional<Duration> debounce;
};

// BY_DEFAULT is for the help.
void add_busy_options(CLI::App& app, BusyWords& words, const std::string& by_default);

// Code::usage for unknown words, for those that contradict each other, and for any without a CMD.
Result<run::BusyOptions> busy_options(const BusyWords& words, run::OnBusy by_default,
                                      bool has_command);

// For OPTION, the word that was given. Code::usage.
Result<int> signal_number(const std::string& option, const std::string& word);

}  // namespace coord::commands
