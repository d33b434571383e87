// From the settings to a connection: the steps that read files, ask the user, or ask DNS.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cmd/cli/globals.hpp"

namespace coord::cli {

struct Connection {
  etcd::Options options;
  std::string note;  // what the user should hear about it; usually empty
};

// Code::config for an unreadable password file, Code::usage where nobody can be asked,
// Code::unavailable from DNS.
Result<Connection> resolve_connection(const Globals& globals);

// Where etcd is looked for when nothing says where: `coord local` if it runs, else 127.0.0.1:2379.
std::string default_endpoint();

// The same connection as COORD_… variables, for a child of ours.
std::vector<std::pair<std::string, std::string>> as_variables(const etcd::Options& options,
                                                              Duration command_timeout,
                                                              bool with_password);

}  // namespace coord::cli
