// coord make-mirror DEST.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct MakeMirrorOptions {
  std::string destination;
  std::string prefix;
  std::optional<std::string> destination_prefix;
  bool no_destination_prefix = false;
  std::int64_t revision = 0;
  std::int64_t max_txn_ops = 128;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  bool insecure_transport = true;
  std::string user;  // or NAME:PASSWORD
  std::string password;
};

void define_make_mirror(CLI::App& root, cli::Registry& registry);

// The settings of the destination: nothing of the source's connection but its limits. May ask for a
// password.
Result<etcd::Options> destination_of(const MakeMirrorOptions& options, const etcd::Options& source);

// Until a signal. Prints every 30 s how many puts and deletes it has mirrored.
Result<int> run_make_mirror(const MakeMirrorOptions& options, cli::Env& env);

}  // namespace coord::commands
