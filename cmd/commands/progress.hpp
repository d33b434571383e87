// How far long work has got: a line on the terminal that is written over and goes in the end. Says
// nothing where stderr is no terminal, and under -q.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"

namespace coord::commands {

class Progress {
 public:
  explicit Progress(const cli::Env& env);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool due() const;  // is it time for the next tell()? So that no text is made for nothing
  void tell(const std::string& text);

 private:
  void say(const std::string& text);

  int fd_;
  bool shown_;
  BootTime next_{};
};

}  // namespace coord::commands
