#include "cmd/commands/tools/man.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/manual.hpp"

namespace coord::commands {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return fail(Code::bad_data, fmt::format("cannot read {}", path.string()),
                "every command has a text of its own there");
  return std::move(text).str();
}

Result<> write_page(const fs::path& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  if (file << page << std::flush) return {};
  return fail(Code::os, fmt::format("cannot write {}", path.string()));
}

Result<> write_commands(const CLI::App& root, const ManOptions& options) {
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    const std::string name = fmt::format("coord-{}.1", command->get_name());
    COORD_TRY_INTO(const auto text, read_text(fs::path(options.sources) / name));
    COORD_TRY(write_page(fs::path(options.folder) / name, cli::command_page(*command, text)));
  }
  COORD_TRY_INTO(const auto text, read_text(fs::path(options.sources) / "coord.1"));
  return write_page(fs::path(options.folder) / "coord.1", cli::command_page(root, text));
}

Result<> write_others(const ManOptions& options) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options.sources, error)) {
    const fs::path& path = entry.path();
    const std::string section = path.extension().string();
    if (section != ".5" && section != ".7") continue;
    COORD_TRY_INTO(const auto text, read_text(path));
    COORD_TRY(write_page(fs::path(options.folder) / path.filename(),
                         cli::other_page(path.stem().string(), section[1], text)));
  }
  if (!error) return {};
  return fail(Code::os, fmt::format("cannot read {}: {}", options.sources, error.message()));
}

}  // namespace

void define_man(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ManOptions>();
  CLI::App& app =
      cli::add_command(root, {"__man", "", "Writes the pages of the manual.",
                              "coord __man man/src man\ncoord __man man/src /tmp/pages"});
  cli::operand(app, "SOURCES", options->sources,
               "the folder of the texts that are written by hand");
  cli::operand(app, "FOLDER", options->folder, "where the pages go");
  registry.add(app,
               {.run = [&root, options](cli::Env& env) { return run_man(root, *options, env); }});
}

Result<int> run_man(const CLI::App& root, const ManOptions& options, cli::Env& /*env*/) {
  COORD_TRY(write_commands(root, options));
  COORD_TRY(write_others(options));
  return cli::kDone;
}

}  // namespace coord::commands
