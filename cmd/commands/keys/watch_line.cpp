#include "cmd/commands/keys/watch_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/argv.hpp"
#include "cmd/cli/define.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/commands/keys/txn_words.hpp"

namespace coord::commands {
namespace {

Result<WatchLine> parse_words(const std::vector<std::string>& words) {
  WatchLine line;
  CLI::App root;
  cli::Registry registry;
  CLI::App& app = cli::add_command(root, {"watch", "Keys", "", ""});
  add_watch_words(app, line.options);
  cli::command(app);
  registry.add(app, {.run = {}, .tail = cli::kCommandBehindMark});
  COORD_TRY_INTO(auto read, cli::read_words(root, registry, words));
  if (read.help) return fail(Code::usage, "no help on this line", "coord help watch");
  COORD_TRY(cli::parse_words(root, app, std::move(read.parser)));
  if (read.child) line.command = *std::move(read.child);
  return line;
}

}  // namespace

Result<std::optional<WatchLine>> parse_watch_line(const std::string& line,
                                                  const WatchVariables& variables,
                                                  std::string& refused) {
  const auto words = split_words(line);
  if (!words) {
    refused = fmt::format("Invalid command {} ({})", line, words.error().message);
    return std::nullopt;
  }
  if (words->empty()) {
    refused = fmt::format("Invalid command: {} (watch and progress supported)", line);
    return std::nullopt;
  }
  if (words->front() == "progress") {
    WatchLine progress;
    progress.progress = true;
    return progress;
  }
  if (words->front() != "watch") {
    refused = fmt::format("Invalid command {} (only support watch)", line);
    return std::nullopt;
  }
  if (words->size() < 2 && !variables.key) {
    refused = fmt::format("Invalid command {} (command type or key is not provided)", line);
    return std::nullopt;
  }
  COORD_TRY_INTO(WatchLine parsed, parse_words(*words));
  return parsed;
}

}  // namespace coord::commands
