#include <fmt/format.h>

#include <set>

#include "cmd/cli/connection.hpp"
#include "cmd/cli/context.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/commands/tools/config.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kHidden = "(hidden)";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

// NAME:PASSWORD keeps its second half to itself.
std::string shown(const cli::Setting& setting, const std::vector<std::string>& words) {
  if (setting.kind == cli::Kind::count) return std::to_string(words.size());
  const std::string_view name = setting.name;
  if (name == "password") return kHidden;
  const std::string& last = words.back();
  const auto colon = name == "user" ? last.find(':') : std::string::npos;
  if (colon != std::string::npos) return last.substr(0, colon + 1) + kHidden;
  return setting.kind == cli::Kind::list ? joined(words) : last;
}

struct Shown {
  std::string name;
  std::string value;
  std::string origin;
};

// Flags that were not given and have no value of their own say nothing.
std::vector<Shown> shown_settings(cli::Env& env, bool all) {
  std::vector<Shown> rows;
  for (const cli::Setting& setting : cli::settings()) {
    if (std::string_view(setting.name) == "context") continue;
    const auto words = env.settings()->words(setting.name);
    if (!words.empty()) {
      rows.push_back(
          {setting.name, shown(setting, words), env.settings()->origin(setting.name).second});
    } else if (std::string_view(setting.name) == "endpoints" &&
               env.settings()->words("discovery-srv").empty()) {
      const std::string place = cli::default_endpoint();
      rows.push_back({setting.name, place, place.starts_with("unix:") ? "coord local" : "default"});
    } else if (all && setting.variable) {
      rows.push_back({setting.name, "", "default"});
    }
  }
  return rows;
}

std::string endpoints_of(const cli::Config& config, const std::string& name) {
  for (const cli::ConfigFile& file : config.files) {
    const auto context = file.contexts.find(name);
    if (context == file.contexts.end()) continue;
    const auto entry = context->second.settings.find("endpoints");
    if (entry != context->second.settings.end()) return joined(entry->second.words);
  }
  return "";
}

std::string file_of(const cli::Config& config, const std::string& name) {
  for (const cli::ConfigFile& file : config.files)
    if (file.contexts.contains(name)) return file.path;
  return "";
}

}  // namespace

Result<int> run_config_view(const ConfigViewOptions& options, cli::Env& env) {
  if (env.config_problem()) return std::unexpected(*env.config_problem());
  const std::string& context = env.globals().context;
  out::Record record;
  record.add("context", "Context", out::Readable{context});
  if (!context.empty()) {
    const std::string chosen = env.settings()->origin("context").second;
    const std::string by = chosen.empty() ? "config file" : chosen;
    record.line("context: " + printable(context) + (options.origin ? "  (" + by + ")" : ""));
  }
  out::List list;
  for (Shown& row : shown_settings(env, options.origin)) {
    const std::string origin = options.origin ? fmt::format("  ({})", row.origin) : "";
    record.line(fmt::format("{}: {}{}", row.name, printable(row.value), printable(origin)));
    out::Fields one;
    one.push_back({"name", "Name", out::Text{row.name}});
    one.push_back({"value", "Value", out::Readable{std::move(row.value)}, out::Zero::keep});
    if (options.origin) one.push_back({"origin", "Origin", out::Readable{std::move(row.origin)}});
    list.emplace_back(std::move(one));
  }
  record.add("settings", "Settings", std::move(list), out::Zero::keep);
  env.print(record);
  return cli::kDone;
}

Result<int> run_config_get_contexts(cli::Env& env) {
  COORD_TRY_INTO(const cli::Config config, cli::load_config(cli::process_variable));
  const std::string used = env.globals().context.empty() ? config.current() : env.globals().context;
  std::set<std::string> names;
  for (const cli::ConfigFile& file : config.files)
    for (const auto& [name, context] : file.contexts) names.insert(name);
  for (const std::string& name : names) {
    const std::string endpoints = endpoints_of(config, name);
    out::Record record;
    record.add("name", "Name", out::Readable{name})
        .add("current", "Current", name == used, out::Zero::keep)
        .add("endpoints", "Endpoints", out::Readable{endpoints}, out::Zero::keep)
        .add("file", "File", out::Readable{file_of(config, name)});
    record.line(fmt::format("{} {}{}{}", name == used ? '*' : ' ', printable(name),
                            endpoints.empty() ? "" : "  ", printable(endpoints)));
    env.print(record);
  }
  if (names.empty())
    env.note("coord: there are no contexts; 'coord --context NAME config set …' makes one");
  return cli::kDone;
}

Result<int> run_config_current_context(cli::Env& env) {
  if (env.config_problem()) return std::unexpected(*env.config_problem());
  const std::string& name = env.globals().context;
  if (name.empty() || name == cli::kNoContext) return cli::kNo;
  out::Record record;
  record.add("name", "Name", out::Readable{name}).line(printable(name));
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
