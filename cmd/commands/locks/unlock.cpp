#include "cmd/commands/locks/unlock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/confirm.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "cmd/commands/shared/names.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/give_back.hpp"

namespace coord::commands {
namespace {

using recipe::Contender;

constexpr const char* kExamples =
    "coord unlock backup\n"
    "coord unlock --force backup\n"
    "coord unlock --force --yes backup";

// "held for reading by root@db1 pid 4711 (sh)"
std::string held_by(const Contender& holder) {
  return fmt::format("held{} by {}", purpose_of(holder), who_is(holder));
}

Result<bool> confirmed(const UnlockOptions& options, const std::string& what,
                       const Contender& holder) {
  if (options.yes) return true;
  return confirm_or_refuse("breaking a lock",
                           fmt::format("Break {}, {}{}? Its command may still run for a moment.",
                                       what, held_by(holder), for_age(holder)));
}

// The lease goes rather than the key: whoever holds it hears of that, Go programs too. A key that
// was taken off its lease can only be deleted; guarded, so that it is the one that we looked at.
Result<> break_hold(const Context& ctx, etcd::Client& client, const Contender& holder) {
  if (holder.kv.lease != 0) {
    const auto revoked = etcd::Lease(client).revoke(ctx, holder.kv.lease);
    if (!revoked && revoked.error().code != Code::not_found)
      return std::unexpected(revoked.error());
    return {};
  }
  etcd::Txn txn;
  txn.when(
      etcd::Compare::create(holder.kv.key, etcd::CompareResult::equal, holder.kv.create_revision));
  txn.then(etcd::DeleteRequest{.key = holder.kv.key});
  COORD_TRY(etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  return {};
}

Result<int> unlock_own(const UnlockOptions& options, cli::Env& env) {
  const std::string name = in_quotes(options.name);
  COORD_TRY_INTO(const auto lease, session_lease(env));
  if (!lease) {
    return fail(
        Code::usage, "unlock " + name + ": only --force is offered outside of a session",
        "the holder gives it back when its command ends; to break it: coord unlock --force");
  }
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto keys = recipe::give_back(*client, env.context(), options.name, *lease);
  if (!keys) return std::unexpected(about("unlock", name, keys.error()));
  if (*keys > 0) return cli::kDone;
  return fail(Code::not_found, "lock " + name + " is not held by this session",
              "it was lost, or given back already: coord who " + name);
}

}  // namespace

void define_unlock(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<UnlockOptions>();
  CLI::App& app = cli::add_command(
      root, {"unlock", "Locks", "Gives back a lock of this session, or breaks somebody else's.",
             kExamples});
  cli::flag(app, "--force", options->force,
            "revoke the holder's lease: its command is stopped, the next in line goes on");
  cli::flag(app, "--yes", options->yes, "do not ask");
  cli::operand(app, "LOCK", options->name, "name of the lock");
  registry.add(app, {.run = [options](cli::Env& env) { return run_unlock(*options, env); }});
}

Result<int> run_unlock(const UnlockOptions& options, cli::Env& env) {
  const std::string name = in_quotes(options.name);
  COORD_TRY(check_name("a lock", options.name));
  if (!options.force) return unlock_own(options, env);
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto found = recipe::contenders_of(*client, env.context(), options.name, false);
  if (!found) return std::unexpected(about("unlock", name, found.error()));
  const auto& line = *found;
  if (line.empty()) return fail(Code::not_found, "lock " + name + " is free");
  const Contender& holder = line.front();
  const auto others = std::ranges::count_if(line, &Contender::holds) - 1;
  const std::string what = kind_of(line) + " " + name;
  COORD_TRY_INTO(const bool yes, confirmed(options, what, holder));
  if (!yes) return cli::kNo;
  if (const auto broken = break_hold(env.context(), *client, holder); !broken)
    return std::unexpected(about("unlock", name, broken.error()));
  out::Record record;
  record.add("name", "Name", out::Readable{options.name})
      .add("lease", "Lease", out::Text{layout::lease_hex(holder.kv.lease)});
  record.line(fmt::format("{} broken: it was {}{}", what, held_by(holder),
                          others > 0 ? fmt::format("; it is still held by {} more", others) : ""));
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
