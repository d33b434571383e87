// Progress: one line on a terminal that says how far long work has come, is written over and goes
// in the end. Says nothing where stderr is no terminal, under -q, and of work that takes less than
// a second.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "coord/base/clock.hpp"

namespace coord::commands {

class Progress {
 public:
  // WHAT: "export". Where stdout goes to the terminal too, the line would stand in its way.
  Progress(const cli::Env& env, std::string what, bool shares_terminal = false);
  ~Progress() { wipe(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool due() const;  // is it time for the next tell()? So that no text is made for nothing
  void tell(const std::string& text);
  void count(std::size_t number, const std::string& noun);  // "12 keys", when it is due
  void wipe();

 private:
  int fd_;
  std::string what_;
  bool on_;
  bool shown_ = false;
  BootTime next_;
};

}  // namespace coord::commands
