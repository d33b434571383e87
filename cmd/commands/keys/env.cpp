#include "cmd/commands/keys/env.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/shell_word.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/keys/busy_options.hpp"
#include "cmd/commands/keys/env_source.hpp"
#include "cmd/commands/keys/env_variables.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/run/keep_running.hpp"
#include "cmd/run/run_instead.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr Duration kDebounce = std::chrono::milliseconds{500};
constexpr Duration kGrace = std::chrono::seconds{10};

constexpr const char* kExamples =
    "coord env app/prod/ -- ./server\n"
    "coord env app/prod/ --upper --on-change signal=HUP -- ./server\n"
    "coord env app/prod/ --once -- ./migrate\n"
    "eval \"$(coord env app/prod/ --print)\"";

Result<> check(const EnvOptions& options, const cli::Env& env) {
  if (env.child() && options.print) return fail(Code::usage, "--print is what happens without CMD");
  const bool follows = options.on_change || options.grace || options.debounce;
  if (!env.child() && (follows || options.once || options.pristine))
    return fail(Code::usage,
                "--on-change, --grace, --debounce, --once and --pristine are about CMD",
                "put '-- CMD' behind");
  if (options.once && follows) return fail(Code::usage, "with --once no change is looked for");
  return {};
}

int print(const EnvSnapshot& snapshot, cli::Env& env) {
  out::Record record;
  out::Fields variables;
  for (const auto& [name, value] : snapshot.variables) {
    variables.push_back({name, name, out::Readable{value}, out::Zero::keep});
    record.line(name + '=' + cli::in_single_quotes(value));
  }
  record.add("variables", "", std::move(variables), out::Zero::keep);
  record.add("revision", "Revision", snapshot.revision);
  env.print(record);
  return cli::kDone;
}

}  // namespace

void define_env(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<EnvOptions>();
  CLI::App& app = cli::add_command(
      root, {"env", "Keys", "Runs a command with keys as its environment, again when they change.",
             kExamples});
  cli::operand(app, "PREFIX", options->prefix,
               "where the keys are; what stands behind it is the variable's name");
  cli::flag(app, "--upper", options->upper, "names in upper case");
  cli::flag(app, "--pristine", options->pristine, "CMD gets these variables and no others");
  cli::flag(app, "--allow-empty", options->allow_empty, "also when there are no keys");
  cli::flag(app, "--once", options->once, "read once and become CMD");
  cli::flag(app, "--print", options->print, "print NAME='VALUE' lines for eval, as without CMD");
  cli::text(app, "--on-change", options->on_change, "ACTION",
            "restart, signal, signal=SIGNAL (HUP) or ignore (restart)");
  cli::duration(app, "--debounce", options->debounce,
                "act only when nothing has changed for so long (500ms)");
  cli::duration(app, "--grace", options->grace, "between TERM and KILL of a restart (10s)");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_env(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<run::BusyOptions> change_options(const EnvOptions& options) {
  run::BusyOptions result{.on_busy = run::OnBusy::restart,
                          .grace = options.grace.value_or(kGrace),
                          .debounce = options.debounce.value_or(kDebounce)};
  const std::string word = options.on_change.value_or("restart");
  constexpr std::string_view kSignal = "signal=";
  if (word == "restart") return result;
  if (word == "ignore") {
    result.on_busy = run::OnBusy::drop;
    return result;
  }
  result.on_busy = run::OnBusy::signal;
  if (word == "signal") return result;
  if (!word.starts_with(kSignal))
    return cli::none_of("--on-change", word, {"restart", "signal", "signal=SIGNAL", "ignore"});
  COORD_TRY_INTO(result.signal, signal_number("--on-change", word.substr(kSignal.size())));
  return result;
}

Result<int> run_env(const EnvOptions& options, cli::Env& env) {
  COORD_TRY(check(options, env));
  COORD_TRY_INTO(const auto change, change_options(options));
  COORD_TRY_INTO(const std::string prefix, env_folder(options.prefix));
  const auto source = std::make_shared<EnvSource>(
      env, EnvQuery{prefix, options.upper, options.allow_empty, options.pristine});
  if (env.child() && !options.once) {
    return run::keep_running(
        env, source->what(), [source](const Context& ctx) { return source->next(ctx); }, change);
  }
  COORD_TRY_INTO(const EnvSnapshot snapshot, source->first(Context(env.stop())));
  if (!env.child()) return print(snapshot, env);
  return std::unexpected(run::run_instead(env, source->event_of(snapshot)));
}

}  // namespace coord::commands
