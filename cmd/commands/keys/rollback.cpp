#include "cmd/commands/keys/rollback.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/change_records.hpp"
#include "cmd/commands/keys/compacted.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/confirm.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/commit.hpp"
#include "coord/recipe/rollback.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord rollback app/config --rev 1504\n"
    "coord rollback --prefix /app/ --rev 1504 --dry-run\n"
    "coord rollback --prefix /app/ --rev 1504 --yes";

std::string object_of(const RollbackOptions& options, const recipe::DiffRange& range) {
  return options.prefix ? "keys with prefix " + in_quotes(*options.prefix) : in_quotes(range.key);
}

recipe::RollbackLimits limits_of(const RollbackOptions& options, const cli::Env& env) {
  return {.operations = static_cast<std::size_t>(options.max_txn_ops),
          .patience = env.globals().command_timeout};
}

// Against now: what the rollback would do, so "after" is what it was then.
Result<> show_diff(recipe::DiffRange range, etcd::Client& client, cli::Env& env) {
  recipe::RangeDiff diff(client, range);
  for (;;) {
    COORD_TRY_INTO(auto change, diff.next(Context(env.stop()), env.globals().command_timeout));
    if (!change) return {};
    std::swap(change->before, change->after);
    env.print(change_record(*change, true));
    COORD_TRY(env.out().status());
  }
}

out::Record done_record(const recipe::RollbackPlan& plan, const recipe::RollbackDone& done) {
  out::Record record;
  record.add("revision", "Revision", done.keys > 0 ? done.revision : plan.now)
      .add("put", "Put", plan.puts, out::Zero::keep)
      .add("deleted", "Deleted", plan.deletes, out::Zero::keep)
      .add("transactions", "Transactions", done.pages, out::Zero::keep);
  if (plan.keys() == 0) return record.line("nothing to do: it is as it was");
  return record.line(
      fmt::format("{} put, {} deleted, at revision {}", plan.puts, plan.deletes, done.revision));
}

// What one would want to know beforehand.
void warn(const recipe::RollbackPlan& plan, cli::Env& env) {
  if (plan.pages > 1)
    env.note(fmt::format(
        "{} keys are more than one transaction takes: {} transactions, one after the other",
        plan.keys(), plan.pages));
  if (plan.leased > 0)
    env.note(
        fmt::format("{} of the keys hung on a lease: they come back without one", plan.leased));
}

// No difference, since there is nothing at all: most likely a mistyped key.
Result<> check_there(const recipe::DiffRange& range, const recipe::RollbackPlan& plan,
                     etcd::Client& client, cli::Env& env) {
  COORD_TRY_INTO(const auto found,
                 etcd::Kv(client).range(env.context(), {.key = range.key,
                                                        .range_end = range.range_end,
                                                        .revision = plan.now,
                                                        .count_only = true}));
  if (found.count > 0) return {};
  return fail(Code::not_found,
              fmt::format("nothing was there at revision {}, nor is now", range.from));
}

// How far it came.
Error explained(Error error, const recipe::RollbackPlan& plan, const recipe::RollbackDone& done) {
  if (recipe::is_too_large(error)) error.hint = "--max-txn-ops makes the transactions smaller";
  if (plan.pages == 1) {
    error.message += error.uncertain ? "; it may have been done" : "; nothing was written";
  } else {
    error.message +=
        fmt::format("; {} of {} transactions were done ({} of {} keys){}", done.pages, plan.pages,
                    done.keys, plan.keys(), error.uncertain ? ", and perhaps the next one" : "");
  }
  if (error.hint.empty()) error.hint = "to run it again does no harm: it looks anew";
  return error;
}

Result<int> roll_back(const RollbackOptions& options, const recipe::DiffRange& range,
                      etcd::Client& client, cli::Env& env) {
  recipe::Rollback rollback(client, range, limits_of(options, env));
  COORD_TRY_INTO(const auto plan, rollback.plan(Context(env.stop())));
  if (plan.keys() == 0) COORD_TRY(check_there(range, plan, client, env));
  warn(plan, env);
  if (plan.keys() > kManyKeys && !options.yes) {
    COORD_TRY_INTO(const bool yes, confirm(env, fmt::format("Put {} keys and delete {}?", plan.puts,
                                                            plan.deletes)));
    if (!yes) return cli::kNo;
  }
  const auto done = rollback.run(Context(env.stop()));
  if (!done) return std::unexpected(explained(done.error(), plan, rollback.done()));
  env.print(done_record(plan, *done));
  return cli::kDone;
}

}  // namespace

void define_rollback(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<RollbackOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"rollback", "Keys", "Brings keys back to what they were at an older revision.", kExamples});
  cli::operand(app, "KEY", options->key.first, "the key");
  add_key_options(app, options->key);
  cli::text(app, "--prefix", options->prefix, "PREFIX", "every key that begins so, and no KEY");
  cli::number(app, "--rev", options->revision, "the revision");
  cli::flag(app, "--dry-run", options->dry_run, "only print what would change");
  cli::flag(app, "--yes", options->yes, "do not ask, however many keys it is");
  cli::number(app, "--max-txn-ops", options->max_txn_ops,
              "so many keys in one transaction (128, as etcd's own limit)");
  registry.add(app, {.run = [options](cli::Env& env) { return run_rollback(*options, env); }});
}

Result<recipe::DiffRange> rollback_range(const RollbackOptions& options) {
  if (!options.revision)
    return fail(Code::usage, "--rev is missing", "'coord history KEY' shows the revisions");
  COORD_TRY(check_revision("--rev", *options.revision));
  if (options.max_txn_ops < 1)
    return fail(Code::usage, fmt::format("--max-txn-ops {} is too little", options.max_txn_ops));
  if (!options.prefix) {
    COORD_TRY_INTO(auto given, resolve_key(options.key));
    if (given.rest) return fail(Code::usage, fmt::format("one word too many: '{}'", *given.rest));
    return recipe::DiffRange{std::move(given.key), {}, *options.revision};
  }
  if (options.key.first || options.key.file || options.key.hex)
    return fail(Code::usage, "no KEY beside --prefix");
  if (options.prefix->empty() && !options.yes && !options.dry_run)
    return fail(Code::usage, "an empty --prefix is every key there is",
                "is a variable of your script not set? if it is meant: --yes");
  const auto all = etcd::RangeRequest::prefix(*options.prefix);
  return recipe::DiffRange{all.key, all.range_end, *options.revision};
}

Result<int> run_rollback(const RollbackOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto range, rollback_range(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Result<int> done = cli::kDone;
  if (options.dry_run) {
    if (const auto shown = show_diff(range, *client, env); !shown)
      done = std::unexpected(shown.error());
  } else {
    done = roll_back(options, range, *client, env);
  }
  if (done) return done;
  Error error = done.error();
  const char* asked = error.message.starts_with("txn: ") ? "txn" : "get";
  error = about("rollback", object_of(options, range), std::move(error), asked);
  return std::unexpected(with_oldest(*client, env.context(), range.key, std::move(error)));
}

}  // namespace coord::commands
