// coord watch: prints what happens to keys, as it happens, or runs a CMD for it, until a signal
// ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/keys/busy_options.hpp"
#include "cmd/commands/shared/key_range.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::commands {

struct WatchOptions {
  KeyWords keys;
  std::int64_t revision = 0;
  bool prev_kv = false;
  bool progress_notify = false;
  bool interactive = false;
  bool initial = false;
  bool keep_going = false;
  bool no_print = false;
  BusyWords busy;
};

// The environment's words for a key, which count where the command line has none.
struct WatchVariables {
  std::optional<std::string> key;
  std::optional<std::string> range_end;
};

void define_watch(CLI::App& root, cli::Registry& registry);

// Those words that etcdctl's watch has too, also on a line of `watch -i`.
void add_watch_words(CLI::App& app, WatchOptions& options);
bool has_key(const KeyWords& words);

// What to ask the server for. Code::usage.
Result<etcd::WatchRequest> watch_query(const WatchOptions& options,
                                       const WatchVariables& variables);

// Never returns by itself but with an error or, with CMD, the status that it failed with:
// Code::compacted, denied, unavailable (etcd was not reached in the first place; an interruption
// later on is told, and waited for), output.
Result<int> run_watch(const WatchOptions& options, cli::Env& env);

}  // namespace coord::commands
