// Becoming etcd: the fork of a process that shall run in a session of its own.
#pragma once

#include <string>
#include <vector>

#include "coord/proc/child.hpp"

namespace coord::commands {

struct EtcdImage {
  std::string program;
  std::vector<std::string> words;        // the name first
  std::vector<std::string> environment;  // all of it, "NAME=VALUE"
  std::string folder;                    // its working directory
  std::string log;                       // gets what it writes to stdout and stderr
  std::string record;                    // see LocalProcess; empty: it is killed when we die
};

// Returns when the program runs. It has a session of its own, no file of ours, and signals as they
// are by default. While there is one thread. Code::os.
Result<proc::Child> fork_etcd(const EtcdImage& image);

}  // namespace coord::commands
