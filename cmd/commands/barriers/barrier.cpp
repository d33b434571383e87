#include "cmd/commands/barriers/barrier.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/barriers/barrier_claim.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "cmd/commands/shared/names.hpp"
#include "cmd/commands/shared/people.hpp"
#include "cmd/run/hold.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/barrier.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kGroup = "Commands";

std::string what_of(const std::string& name) { return "barrier " + in_quotes(name); }

void define_hold(CLI::App& barrier, cli::Registry& registry) {
  const auto options = std::make_shared<BarrierHoldOptions>();
  CLI::App& app = cli::add_command(
      barrier, {"hold", kGroup,
                "Closes a barrier, until it is released or, with a session, its holder ends.",
                "coord barrier hold migrated\n"
                "coord barrier hold migrated -- ./migrate.sh\n"
                "coord barrier hold --session maintenance"});
  cli::flag(app, "--session", options->session,
            "it opens when this coord ends, however it ends; always so with CMD");
  add_hold_options(app, options->hold);
  cli::operand(app, "BARRIER", options->name, "name of the barrier, which is its key");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_barrier_hold(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

void define_wait(CLI::App& barrier, cli::Registry& registry) {
  const auto options = std::make_shared<BarrierWaitOptions>();
  CLI::App& app =
      cli::add_command(barrier, {"wait", kGroup, "Waits until a barrier is open.",
                                 "coord barrier wait migrated && ./serve\n"
                                 "coord barrier wait --timeout 5m migrated\n"
                                 "coord barrier wait --nonblock migrated || echo not yet"});
  cli::duration(app, "--timeout", options->timeout, "wait no longer than this (0: do not wait)");
  cli::flag(app, "-n,--nonblock", options->nonblock, "do not wait: exit 1 when it is held");
  add_conflict_option(app, options->conflict_status,
                      "exit with this when it is held or the time ran out, instead of 1 or 124");
  cli::operand(app, "BARRIER", options->name, "name of the barrier, which is its key");
  registry.add(app, {.run = [options](cli::Env& env) { return run_barrier_wait(*options, env); }});
}

// A command with a name and nothing else.
void define_plain(CLI::App& barrier, cli::Registry& registry, const cli::CommandText& text,
                  Result<int> (*run)(const std::string&, cli::Env&)) {
  const auto name = std::make_shared<std::string>();
  CLI::App& app = cli::add_command(barrier, text);
  cli::operand(app, "BARRIER", *name, "name of the barrier, which is its key");
  registry.add(app, {.run = [name, run](cli::Env& env) { return run(*name, env); },
                     .formats = out::kRowFormats});
}

Result<> refuse_session_options(const HoldOptions& options) {
  const char* given = nullptr;
  if (options.until_eof) given = "--until-eof";
  if (options.wait_tree) given = "--wait-tree";
  if (options.pass_credentials) given = "--pass-credentials";
  if (options.grace) given = "--grace";
  if (options.status_fd) given = "--status-fd";
  if (options.ttl != HoldOptions{}.ttl) given = "--ttl";
  if (given == nullptr) return {};
  return fail(Code::usage, fmt::format("{} makes sense with --session or a CMD only", given));
}

// Without a session: it stays closed when we have ended.
Result<int> hold_for_good(const BarrierHoldOptions& options, const run::Plan& plan, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  BarrierClaim claim(options.name, plan.waits(), describe_us(options.hold, env));
  const Context ctx = plan.waits() ? Context(env.stop()).at_most(*plan.timeout) : env.context();
  std::optional<run::WaitingLine> line;
  if (plan.waits()) line.emplace(env, *client, claim, [] { return std::int64_t{0}; });
  const auto held = claim.hold(ctx, *client, 0);
  line.reset();
  if (!held) return answer_or_error(env, held.error(), plan.conflict_status);
  out::Record record;
  record.add("name", "Name", out::Readable{options.name})
      .add("held", "Held", true)
      .add("revision", "Revision", held->create_revision);
  record.line(fmt::format("{} is closed now", what_of(options.name)));
  env.print(record);
  return cli::kDone;
}

}  // namespace

Result<> check_barrier_name(const std::string& kind, const std::string& name) {
  return check_name("a " + kind, name);
}

void define_barrier(CLI::App& root, cli::Registry& registry) {
  CLI::App& barrier = cli::add_command(
      root, {"barrier", "Barriers", "Closes, opens and waits at a barrier: a gate for scripts.",
             "coord barrier hold migrated\n"
             "coord barrier wait migrated && ./serve\n"
             "coord barrier release migrated"});
  define_hold(barrier, registry);
  define_plain(barrier, registry,
               {"release", kGroup, "Opens a barrier, whoever holds it: exit 1 if it was open.",
                "coord barrier release migrated\ncoord barrier release migrated -w json"},
               run_barrier_release);
  define_wait(barrier, registry);
  define_plain(
      barrier, registry,
      {"status", kGroup, "Says whether a barrier is held, by whom and since when.",
       "coord barrier status migrated || echo open\ncoord barrier status migrated -w json"},
      run_barrier_status);
}

Result<int> run_barrier_hold(const BarrierHoldOptions& options, cli::Env& env) {
  COORD_TRY(check_barrier_name("barrier", options.name));
  const bool in_session = options.session || env.child();
  if (!in_session) COORD_TRY(refuse_session_options(options.hold));
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  if (!plan.timeout) plan.timeout = Duration{0};  // closed by somebody else is an answer
  if (!in_session) return hold_for_good(options, plan, env);
  plan.claim =
      std::make_unique<BarrierClaim>(options.name, plan.waits(), describe_us(options.hold, env));
  return run::hold(std::move(plan), env);
}

Result<int> run_barrier_release(const std::string& name, cli::Env& env) {
  COORD_TRY(check_barrier_name("barrier", name));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto released = recipe::Barrier(*client, name).release(env.context());
  if (!released) return std::unexpected(in_context(what_of(name), released.error()));
  if (!*released) return fail(Code::not_found, what_of(name) + " is not held");
  out::Record record;
  record.add("name", "Name", out::Readable{name}).line(what_of(name) + " is open now");
  env.print(record);
  return cli::kDone;
}

Result<int> run_barrier_wait(const BarrierWaitOptions& options, cli::Env& env) {
  COORD_TRY(check_barrier_name("barrier", options.name));
  COORD_TRY_INTO(const auto status, conflict_status(options.conflict_status));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  BarrierClaim claim(options.name, true, {});
  auto opened = [&]() -> Result<std::int64_t> {
    if (options.nonblock || options.timeout == Duration{0})
      return claim.is_open(env.context(), *client);
    const run::WaitingLine line(env, *client, claim, [] { return std::int64_t{0}; });
    const Context forever(env.stop());
    return claim.pass(options.timeout ? forever.at_most(*options.timeout) : forever, *client);
  }();
  if (!opened) return answer_or_error(env, opened.error(), status);
  out::Record record;
  record.add("name", "Name", out::Readable{options.name}).add("revision", "Revision", *opened);
  env.print(record);
  return cli::kDone;
}

Result<int> run_barrier_status(const std::string& name, cli::Env& env) {
  COORD_TRY(check_barrier_name("barrier", name));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto key = recipe::Barrier(*client, name).status(env.context());
  if (!key) return std::unexpected(in_context(what_of(name), key.error()));
  out::Record record;
  record.add("name", "Name", out::Readable{name})
      .add("held", "Held", key->has_value(), out::Zero::keep);
  if (!*key) {
    env.print(record.line(what_of(name) + " is open"));
    return cli::kNo;
  }
  const recipe::Contender holder{**key, name, recipe::HolderInfo::from_json((*key)->value), {}};
  record.add("revision", "Revision", (*key)->create_revision);
  add_info(record, holder.info);
  const bool leased = (*key)->lease != 0;
  if (leased) record.add("lease", "Lease", out::Text{layout::lease_hex((*key)->lease)});
  const std::string by =
      holder.info ? " by " + who_is(holder) + for_age(holder) + note_of(holder) : std::string{};
  record.line(fmt::format("{} is held{}", what_of(name), by));
  record.line(fmt::format("  since revision {}, {}", (*key)->create_revision,
                          leased ? "lease " + layout::lease_hex((*key)->lease) : "until released"));
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
