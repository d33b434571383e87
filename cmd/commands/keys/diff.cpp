#include "cmd/commands/keys/diff.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/change_records.hpp"
#include "cmd/commands/keys/compacted.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord diff /app/ --rev 1504\n"
    "coord diff /app/ --rev 1504 --rev 1510 --keys-only\n"
    "coord diff /app/ --rev 1504 -w json | jq -r .key";

Result<std::int64_t> parse_revision(const std::string& word) {
  std::int64_t revision = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, revision);
  if (read.ec != std::errc{} || read.ptr != end)
    return fail(Code::usage, fmt::format("--rev: '{}' is not a whole number", word));
  COORD_TRY(check_revision("--rev", revision));
  return revision;
}

Result<bool> print_all(const DiffOptions& options, recipe::RangeDiff diff, cli::Env& env) {
  for (bool any = false;; any = true) {
    COORD_TRY_INTO(const auto change,
                   diff.next(Context(env.stop()), env.globals().command_timeout));
    if (!change) return any;
    env.print(change_record(*change, !options.keys_only));
    COORD_TRY(env.out().status());
  }
}

}  // namespace

void define_diff(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App& app = cli::add_command(
      root, {"diff", "Keys",
             "Prints which keys of a prefix differ between two revisions; exits with 1 if any do.",
             kExamples});
  cli::operand(app, "PREFIX", options->prefix, "what the keys begin with; '': every key");
  cli::repeatable(app, "--rev", options->revisions, "REVISION",
                  "the older one; given again, the newer one (else: now)");
  cli::flag(app, "--keys-only,--names-only", options->keys_only, "leave the values out");
  registry.add(app, {.run = [options](cli::Env& env) { return run_diff(*options, env); }});
}

Result<recipe::DiffRange> diff_range(const DiffOptions& options) {
  const auto& words = options.revisions;
  if (words.empty() || words.size() > 2)
    return fail(Code::usage, "--rev is wanted once, or twice",
                "coord diff PREFIX --rev OLDER [--rev NEWER]");
  const auto all = etcd::RangeRequest::prefix(options.prefix);
  recipe::DiffRange range{all.key, all.range_end};
  COORD_TRY_INTO(range.from, parse_revision(words[0]));
  if (words.size() == 2) {
    COORD_TRY_INTO(range.to, parse_revision(words[1]));
  }
  return range;
}

Result<int> run_diff(const DiffOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto range, diff_range(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto differs = print_all(options, recipe::RangeDiff(*client, range), env);
  if (differs) return *differs ? cli::kNo : cli::kDone;
  Error error = about("diff", in_quotes(options.prefix), std::move(differs).error(), "get");
  return std::unexpected(with_oldest(*client, env.context(), range.key, std::move(error)));
}

}  // namespace coord::commands
