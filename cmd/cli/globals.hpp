// Globals: what holds for every command, read from flags, environment and context. Plain values;
// resolving them neither asks the user nor touches the network (Env does, when a command needs the
// connection).
#pragma once

#include <string>

#include "cmd/cli/settings.hpp"
#include "cmd/out/format.hpp"
#include "coord/etcd/options.hpp"

namespace coord::cli {

enum class Color { automatic, always, never };

struct Globals {
  etcd::Options connection;   // without a password that must be read or asked for; endpoints empty
                              // when none are given
  std::string password_file;  // read it when there is a user
  std::string discovery_srv;  // ask DNS for the endpoints
  std::string discovery_srv_name;
  bool insecure_discovery = true;
  Duration command_timeout = std::chrono::seconds{5};
  out::Format format = out::Format::simple;
  bool hex = false;
  bool quiet = false;
  int verbose = 0;
  bool debug = false;
  Color color = Color::automatic;
  std::string context;  // in use; "none" if it was said that there is to be none
  std::string session;  // COORD_SESSION: the lease of the session that we run in, unchecked
};

// Code::usage for a bad flag, Code::config for a bad variable and for TLS settings that contradict
// each other.
Result<Globals> resolve_globals(const Settings& settings);

}  // namespace coord::cli
