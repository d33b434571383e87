#include "cmd/cli/help.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/define.hpp"
#include "cmd/cli/manual.hpp"
#include "cmd/cli/pager.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/cli/topics.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd/commands/tools/help.hpp"

namespace coord::commands {

void define_help(CLI::App& root, cli::Registry& registry) {
  const auto path = std::make_shared<std::vector<std::string>>();
  CLI::App& app =
      cli::add_command(root, {"help", "Tools", "Says what coord, or one of its commands, does.",
                              "coord help\ncoord help lease grant\ncoord help conditions"});
  cli::operands(app, "COMMAND", *path, "the command, or a topic", false);
  registry.add(app, {.run = [&root, path](cli::Env& env) { return run_help(root, *path, env); },
                     .mends_settings = true});
}

namespace {

std::vector<std::string> words_after(const CLI::App& app, const CLI::App& root) {
  std::vector<std::string> names = cli::command_names(app);
  if (&app != &root) return names;
  for (const cli::Topic& topic : cli::topics()) names.emplace_back(topic.name);
  return names;
}

std::string text_of(const cli::Topic& topic) {
  return cli::to_plain(cli::completed(cli::parse_manual(cli::topic_text(topic.file))));
}

int show(const std::string& text, cli::Env& env) {
  if (!cli::show_in_pager(text)) env.out().write(text);
  return 0;
}

}  // namespace

Result<int> run_help(const CLI::App& root, const std::vector<std::string>& path, cli::Env& env) {
  const CLI::App* app = &root;
  const std::size_t width = cli::text_width(STDOUT_FILENO);
  for (const std::string& name : path) {
    const CLI::App* sub = cli::find_command(*app, name);
    const cli::Topic* topic = path.size() == 1 ? cli::find_topic(name) : nullptr;
    if (topic != nullptr) {
      // txn and config are commands as well as what those read.
      const std::string before = sub == nullptr ? "" : cli::help_text(*sub, width) + '\n';
      return show(before + text_of(*topic), env);
    }
    if (sub == nullptr) {
      const auto guess = cli::nearest(name, words_after(*app, root));
      return fail(Code::usage, fmt::format("help: unknown command '{}'", name),
                  guess ? fmt::format("did you mean '{}'?", *guess)
                        : "'coord help' lists the commands and topics");
    }
    app = sub;
  }
  return show(cli::help_text(*app, width), env);
}

}  // namespace coord::commands
