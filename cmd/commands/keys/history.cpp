#include "cmd/commands/keys/history.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/line_diff.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/history.hpp"

namespace coord::commands {
namespace {

using recipe::KeyVersion;

constexpr const char* kExamples =
    "coord history app/config\n"
    "coord history app/config --diff --limit 1\n"
    "coord history app/config -w json | jq -r .value";

Result<std::string> key_of(const HistoryCommandOptions& options) {
  if (options.limit < 0)
    return fail(Code::usage, fmt::format("--limit {} is less than nothing", options.limit));
  COORD_TRY_INTO(auto given, resolve_key(options.key));
  if (given.rest) return fail(Code::usage, fmt::format("one word too many: '{}'", *given.rest));
  if (given.key.empty())
    return fail(Code::usage, "a key has at least one byte",
                "is a variable of your script not set?");
  return std::move(given.key);
}

// etcd keeps no time of a change.
out::Record version_record(const KeyVersion& version) {
  const etcd::KeyValue& kv = version.kv;
  out::Record record;
  record.add("key", "Key", out::Readable{kv.key}).add("revision", "Revision", kv.mod_revision);
  record.add("time", "Time", out::Value{}, out::Zero::keep);
  if (version.removed) {
    record.add("deleted", "Deleted", true);
    return record.line(fmt::format("revision {}, deleted, time unknown", kv.mod_revision));
  }
  record.add("version", "Version", kv.version)
      .add("create_revision", "CreateRevision", kv.create_revision)
      .add("value", "Value", out::Readable{kv.value}, out::Zero::keep);
  std::string line =
      fmt::format("revision {}, version {}, time unknown", kv.mod_revision, kv.version);
  if (kv.lease != 0) {
    record.add("lease", "Lease", out::Text{layout::lease_hex(kv.lease)});
    line += ", lease " + layout::lease_hex(kv.lease);
  }
  return record.line(std::move(line));
}

class Listing {
 public:
  Listing(const HistoryCommandOptions& options, cli::Env& env) : options_(&options), env_(&env) {}

  // OLDER is the version before it, if it is stored.
  void show(const KeyVersion& version, const std::optional<KeyVersion>& older) {
    out::Record record = version_record(version);
    if (options_->diff) {
      add_diff(record, version, older);
    } else if (!version.removed) {
      record.bytes(version.kv.value);
    }
    env_->print(record);
  }

 private:
  static void add_diff(out::Record& record, const KeyVersion& version,
                       const std::optional<KeyVersion>& older) {
    out::List lines;
    if (!older) record.line("(what it was before is not stored)");
    for (std::string& line : line_diff(older ? older->kv.value : "", version.kv.value)) {
      lines.emplace_back(out::Text{line});
      record.line(std::move(line));
    }
    record.add("diff", "Diff", std::move(lines), out::Zero::keep);
  }

  const HistoryCommandOptions* options_;
  cli::Env* env_;
};

// The oldest one of --limit needs the one before it for its diff.
std::size_t wanted(const HistoryCommandOptions& options) {
  if (options.limit == 0) return 0;
  return static_cast<std::size_t>(options.limit) + (options.diff ? 1 : 0);
}

Result<> show_all(const HistoryCommandOptions& options, recipe::KeyHistory& history,
                  cli::Env& env) {
  Listing listing(options, env);
  COORD_TRY_INTO(auto version, history.next(env.context()));
  if (!version) return fail(Code::not_found, "no version of it is stored");
  for (std::int64_t shown = 0; version && (options.limit == 0 || shown < options.limit); ++shown) {
    COORD_TRY_INTO(auto older, history.next(env.context()));
    // Before its creation there was nothing; that need not be stored.
    const bool born = !version->removed && version->kv.version == 1;
    if (!older && born && options.diff) older = KeyVersion{.removed = true};
    listing.show(*version, older);
    COORD_TRY(env.out().flush());
    version = older && older->kv.mod_revision != 0 ? std::move(older) : std::nullopt;
  }
  if (!version && !history.cut() && history.compacted_before() != 0)
    env.note(fmt::format("older ones were compacted at revision {}", history.compacted_before()));
  return {};
}

}  // namespace

void define_history(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<HistoryCommandOptions>();
  CLI::App& app = cli::add_command(
      root, {"history", "Keys", "Prints every stored version of a key, newest first.", kExamples});
  cli::operand(app, "KEY", options->key.first, "the key", cli::Shown::plain);
  add_key_options(app, options->key);
  cli::flag(app, "--diff", options->diff, "print what changed, line by line, not the values");
  cli::number(app, "--limit", options->limit, "at most so many versions");
  registry.add(app, {.run = [options](cli::Env& env) { return run_history(*options, env); }});
}

Result<int> run_history(const HistoryCommandOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const std::string key, key_of(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto history = recipe::KeyHistory::read(
      *client, Context(env.stop()), key,
      {.most = wanted(options), .patience = env.globals().command_timeout});
  const auto shown = history ? show_all(options, *history, env)
                             : Result<>(std::unexpected(std::move(history).error()));
  if (!shown) return std::unexpected(about("history", in_quotes(key), shown.error(), "get"));
  return cli::kDone;
}

}  // namespace coord::commands
