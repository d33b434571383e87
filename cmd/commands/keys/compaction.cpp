#include "cmd/commands/keys/compaction.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord compaction 1234\n"
    "coord compaction --physical 1234\n";

Result<std::int64_t> parse_revision(const std::string& text) {
  std::int64_t revision = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, revision);
  if (error == std::errc{} && end == last) return revision;
  return fail(Code::usage, fmt::format("'{}' is not a revision", text));
}

}  // namespace

void define_compaction(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<CompactionOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"compaction", "Keys", "Forgets all versions that are older than a revision.", kExamples});
  cli::operand(app, "REVISION", options->revision, "the oldest that can still be read afterwards");
  cli::flag(app, "--physical", options->physical,
            "return only when the old data has left the database");
  registry.add(app, {.run = [options](cli::Env& env) { return run_compaction(*options, env); },
                     .formats = out::kEveryFormat});
}

Result<int> run_compaction(const CompactionOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto revision, parse_revision(options.revision));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Kv(*client).compact(env.context(), revision, options.physical);
  if (!done) return std::unexpected(about("compaction", options.revision, done.error()));
  env.out().write(fmt::format("compacted revision {}\n", revision));  // in every format
  return 0;
}

}  // namespace coord::commands
