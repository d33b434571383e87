// Image: all that a forked child needs to become another program, made before the fork, because
// after it nothing may allocate. Used by child.cpp only.
#pragma once

#include <string>
#include <vector>

#include "coord/proc/child.hpp"

namespace coord::proc {

class Image {
 public:
  explicit Image(const ChildSpec& spec);
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  const std::vector<std::string>& paths() const { return paths_; }

  // Why it failed, to the parent; nothing is written when the program runs.
  struct Failure {
    bool in_exec = false;
    int number = 0;  // errno
  };

  // In the child, with all signals blocked. Async-signal-safe. Tells REPORT, a pipe, about a
  // failure.
  [[noreturn]] void become(const ChildSpec& spec, pid_t parent, int report) noexcept;

  // In this very process; why it failed. Its signals are SPEC's already then.
  int replace(const ChildSpec& spec) noexcept;

 private:
  int execute() noexcept;

  std::vector<std::string> paths_;
  std::vector<std::string> words_;
  std::vector<std::string> variables_;
  std::vector<char*> argv_;
  std::vector<char*> shell_argv_;  // /bin/sh -- PATH WORD…
  std::vector<char*> environment_;
};

}  // namespace coord::proc
