#include <fmt/format.h>

#include "cmd/cli/config_edit.hpp"
#include "cmd/cli/context.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/cli/terminal.hpp"
#include "cmd/commands/tools/config.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

Result<std::string> own_path() {
  std::string path = cli::own_config_path(cli::process_variable);
  if (!path.empty()) return path;
  return fail(Code::config, "no place for a config file: HOME is not set",
              "set COORD_CONFIG to the name of a file");
}

Result<> check_setting(const std::string& setting) {
  if (cli::is_context_setting(setting)) return {};
  const auto meant = cli::nearest(setting, cli::context_settings());
  return fail(Code::usage, fmt::format("no setting of a context is called {}", in_quotes(setting)),
              meant ? fmt::format("did you mean '{}'?", *meant)
                    : "'coord config view --origin' shows them");
}

// Named by flag or variable it may be new; else it is that of the file that is changed, or the one
// in use.
Result<std::string> target_context(cli::Env& env, const cli::ConfigFile& file) {
  COORD_TRY_INTO(const auto said, env.settings()->text("context"));
  std::string name = said.value_or(file.current ? file.current->words.front() : "");
  if (name.empty()) name = env.globals().context;
  if (!name.empty() && name != cli::kNoContext) return name;
  return fail(Code::config, "no context is in use", "name one: coord --context NAME config set …");
}

Result<std::string> value_for(const ConfigSetOptions& options) {
  const bool secret = options.setting == "password";
  if (options.value && !secret) return *options.value;
  if (options.value)
    return fail(Code::usage, "a password on a command line can be seen by others",
                "leave it out: it is asked for; or set password-file");
  if (!secret) return fail(Code::usage, "VALUE is missing");
  return cli::ask_secret("Password: ");
}

}  // namespace

Result<int> run_config_use_context(const std::string& name, cli::Env& env) {
  COORD_TRY_INTO(const std::string path, own_path());
  COORD_TRY_INTO(const cli::Config config, cli::load_config(cli::process_variable));
  if (name != cli::kNoContext && !config.has(name)) {
    return fail(Code::config, fmt::format("there is no context {}", in_quotes(name)),
                "'coord config get-contexts' lists them; 'coord --context NAME config set' makes "
                "one");
  }
  COORD_TRY(cli::edit_config(path, [&](const cli::ConfigFile& file, const std::string& text) {
    return cli::with_current(file, text, name);
  }));
  const auto said = env.settings()->text("context");
  if (said && *said && **said != name) {
    env.note(fmt::format("coord: {} still says {}", env.settings()->origin("context").second,
                         in_quotes(**said)));
  }
  return cli::kDone;
}

Result<int> run_config_set(const ConfigSetOptions& options, cli::Env& env) {
  COORD_TRY(check_setting(options.setting));
  COORD_TRY_INTO(const std::string path, own_path());
  COORD_TRY_INTO(const std::string value, value_for(options));
  bool is_new = false;
  std::string context;
  COORD_TRY(cli::edit_config(
      path, [&](const cli::ConfigFile& file, const std::string& text) -> Result<std::string> {
        COORD_TRY_INTO(context, target_context(env, file));
        is_new = !file.contexts.contains(context) && !file.current;
        return cli::with_setting(file, text, context, options.setting, value);
      }));
  if (is_new) {
    env.note(fmt::format("coord: context {} is new; to use it: coord config use-context {}",
                         in_quotes(context), printable(context)));
  }
  return cli::kDone;
}

Result<int> run_config_unset(const std::string& setting, cli::Env& env) {
  COORD_TRY(check_setting(setting));
  COORD_TRY_INTO(const std::string path, own_path());
  bool had = false;
  COORD_TRY(cli::edit_config(
      path, [&](const cli::ConfigFile& file, const std::string& text) -> Result<std::string> {
        COORD_TRY_INTO(const std::string context, target_context(env, file));
        const auto found = file.contexts.find(context);
        had = found != file.contexts.end() && found->second.settings.contains(setting);
        if (!had) return text;
        return cli::with_setting(file, text, context, setting, std::nullopt);
      }));
  if (!had) env.note(fmt::format("coord: {} is not set in {}", setting, path));
  return had ? cli::kDone : cli::kNo;
}

}  // namespace coord::commands
