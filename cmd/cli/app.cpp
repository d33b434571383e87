#include "cmd/cli/app.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>

#include "cmd/cli/argv.hpp"
#include "cmd/cli/color.hpp"
#include "cmd/cli/context.hpp"
#include "cmd/cli/env.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/help.hpp"
#include "cmd/cli/pager.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/cli/personality.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/report.hpp"
#include "cmd/cli/tree.hpp"
#include "coord/base/version.hpp"

namespace coord::cli {
namespace {

// etcd's third API is the only one left.
Result<> check_api() {
  const char* const api = process_variable("ETCDCTL_API");
  if (api == nullptr || *api == '\0' || std::string_view(api) == "3") return {};
  return fail(Code::config, fmt::format("ETCDCTL_API={}: only version 3 is spoken", api),
              "unset ETCDCTL_API");
}

// A command that does not understand its words need not say who it is, nor how it is used.
Error with_usage(const CLI::App& app, Error error) {
  if (error.code != Code::usage) return error;
  if (error.hint.empty()) error.hint = "usage: " + usage_line(app);
  const std::string path = command_path(app);
  return error.message.starts_with(path) ? error : in_context(path, std::move(error));
}

Result<> check_format(const CLI::App& app, const Command& command, out::Format format) {
  if (std::ranges::find(command.formats, format) != command.formats.end()) return {};
  std::string names;
  for (const out::Format each : command.formats)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format_name(each));
  return fail(Code::usage,
              fmt::format("{}: output format '{}' is not supported", command_path(app),
                          format_name(format)),
              "it has " + names);
}

// For errors of the line itself, before there are settings.
Color asked_color(const std::vector<std::string>& args) {
  std::string when = variable_text("COORD_COLOR");
  for (auto arg = args.begin(); arg != args.end() && *arg != "--"; ++arg) {
    if (arg->starts_with("--color=")) when = arg->substr(8);
    if (*arg == "--color" && arg + 1 != args.end()) when = arg[1];
  }
  return parse_color(when).value_or(Color::automatic);
}

class App {
 public:
  App(std::span<const Definition> commands, const Personality& personality, Color asked)
      : personality_(&personality),
        asked_(asked),
        root_("Locks, elections, queues and keys in etcd, from the shell.", personality.name) {
    root_.set_help_flag("-h,--help", "show this help")->group("Help");
    root_.option_defaults()->group("Options");
    root_.require_subcommand(0, 1);
    for (const Definition& command : commands) command.define(root_, registry_);
    add_settings(root_);
    const std::string help = "show the version";
    root_.add_flag("--version", help)->group("Help");
  }

  int run(const std::vector<std::string>& args) {
    const auto words = read_words(root_, registry_, args, personality_->abbreviated);
    if (!words) return report(words.error(), Stage::words);
    if (words->help) return show(help_text(*words->command, text_width(STDOUT_FILENO)));
    if (words->version) return show(std::string("coord ") + version() + '\n');
    const Command* command = registry_.find(words->command);
    if (command == nullptr) return no_command(*words->command);
    return run(*words, *command);
  }

  // Nothing when the line is no plain command, or not understood with the commands that are there.
  std::optional<int> run_plain(const std::vector<std::string>& args) {
    const auto words = read_words(root_, registry_, args);
    if (!words || words->help || words->version) return std::nullopt;
    const Command* command = registry_.find(words->command);
    if (command == nullptr) return std::nullopt;
    return run(*words, *command);
  }

 private:
  int report(const Error& error, Stage stage, Color color = Color::automatic,
             std::string command = {}) const {
    if (color == Color::automatic) color = asked_;
    write_line(STDERR_FILENO, spoken(error, wants_color(color, STDERR_FILENO)));
    return personality_->exit_status({error, stage, std::move(command)});
  }

  int show(const std::string& text) const {
    if (show_in_pager(text)) return kDone;
    out::Writer writer(STDOUT_FILENO);
    writer.write(text);
    const auto written = writer.flush();
    if (written) return kDone;
    return writer.reader_gone() ? kSignalBase + SIGPIPE : report(written.error(), Stage::run);
  }

  // Runs the command and gets its output out. A reader that went away, as `head` does, is no error
  // of ours.
  int run_command(const CLI::App& app, const Command& command, Env& env) const {
    const auto status = command.run(env);
    env.printer().finish();
    const auto written = env.out().flush();
    if (env.out().reader_gone()) return kSignalBase + SIGPIPE;
    const Color color = env.globals().color;
    const std::string path = command_path(app);
    if (!status) return report(with_usage(app, status.error()), Stage::run, color, path);
    if (!written) return report(written.error(), Stage::run, color);
    return personality_->result(path, *status);
  }

  int run(const Words& words, const Command& command) {
    if (const auto parsed = parse_words(root_, *words.command, words.parser); !parsed)
      return report(parsed.error(), Stage::words);
    if (words.command->get_group().empty()) {  // hidden, for programs: it looks after itself
      auto* env = new Env(Globals(), words.child);
      return run_command(*words.command, command, *env);
    }
    if (const auto api = check_api(); !api) return report(api.error(), Stage::words);
    Settings settings = plain_settings();
    std::string note;
    auto globals = resolve(settings, note);
    std::optional<Error> config_problem;
    if (!globals && command.mends_settings) {
      config_problem = globals.error();
      settings = plain_settings();
      globals = resolve_globals(settings);
    }
    if (!globals) return report(globals.error(), Stage::words);
    if (personality_->terse) globals->quiet = true;
    if (personality_->terse) globals->color = Color::never;
    if (const char* session = process_variable("COORD_SESSION")) globals->session = session;
    const auto printable = check_format(*words.command, command, globals->format);
    if (!printable) return report(printable.error(), Stage::format, globals->color);
    // Never destroyed: to shut gRPC down takes longer than many a command, and the process ends.
    auto* env = new Env(*std::move(globals), words.child);
    env->set_settings(settings, std::move(config_problem));
    if (!note.empty() && !command.mends_settings) env->note(note);
    return run_command(*words.command, command, *env);
  }

  Settings plain_settings() const {
    return Settings({flag_layer(root_), variable_layer("COORD_", process_variable),
                     variable_layer("ETCDCTL_", process_variable)});
  }

  // As etcdctl, which has no contexts, it reads none.
  Result<Globals> resolve(Settings& settings, std::string& note) const {
    if (personality_->terse) return resolve_globals(settings);
    COORD_TRY_INTO(ChosenContext context, add_context(settings, process_variable));
    COORD_TRY_INTO(auto globals, resolve_globals(settings));
    globals.context = std::move(context.name);
    note = std::move(context.note);
    return globals;
  }

  int no_command(const CLI::App& app) const {
    if (personality_->terse) return show(help_text(app, text_width(STDOUT_FILENO)));
    if (app.get_parent() != nullptr) {
      return report({Code::usage, command_path(app) + ": which command?", commands_line(app)},
                    Stage::words);
    }
    write_line(STDERR_FILENO, short_help_text(root_, text_width(STDERR_FILENO)));
    return kUsage;
  }

  const Personality* personality_;
  Color asked_;
  CLI::App root_;
  Registry registry_;
};

// Those whose names are among the words; more than one where a key is called as a command is.
std::vector<Definition> named(std::span<const Definition> commands,
                              const std::vector<std::string>& args) {
  std::vector<Definition> found;
  std::ranges::copy_if(commands, std::back_inserter(found), [&](const Definition& command) {
    return std::ranges::find(args, command.name) != args.end();
  });
  return found;
}

}  // namespace

int run_app(std::span<const Definition> commands, int argc, const char* const* argv) {
  const Personality& personality = personality_of(argc > 0 ? argv[0] : "");
  speak_as(personality.error_text);
  const std::vector<std::string> args(argv + std::min(argc, 1), argv + argc);
  const Color asked = asked_color(args);
  const auto likely = named(commands, args);
  if (!likely.empty() && std::ranges::none_of(likely, &Definition::reads_tree)) {
    if (const auto status = App(likely, personality, asked).run_plain(args)) return *status;
  }
  return App(commands, personality, asked).run(args);
}

}  // namespace coord::cli
