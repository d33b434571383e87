// Progress: one line on a terminal that says how far long work has come; nothing elsewhere.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/env.hpp"

namespace coord::commands {

class Progress {
 public:
  // WHAT: "export". Where stdout goes to the terminal too, the line would stand in its way.
  Progress(const cli::Env& env, std::string what, bool shares_terminal);
  ~Progress() { wipe(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::int64_t keys);  // shown once a second, and not for what takes less
  void wipe();

 private:
  int fd_;
  std::string what_;
  bool on_;
  bool shown_ = false;
  BootTime next_;
};

}  // namespace coord::commands
