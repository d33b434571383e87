#include "cmd/cli/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "coord/base/bytes.hpp"

namespace coord::cli {
namespace {

constexpr const char* kSystemFile = "/etc/coord/config.toml";

std::string value_of(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value == nullptr ? "" : value;
}

std::string home_file(const Environment& environment) {
  const std::string base = value_of(environment, "XDG_CONFIG_HOME");
  if (base.starts_with('/')) return base + "/coord/config.toml";
  const std::string home = value_of(environment, "HOME");
  return home.empty() ? "" : home + "/.config/coord/config.toml";
}

Layer context_layer(const ConfigFile& file, const std::string& name) {
  const auto context = std::make_shared<const ConfigContext>(file.contexts.at(name));
  const auto lookup = [context](std::string_view setting) {
    const auto found = context->settings.find(std::string(setting));
    return found == context->settings.end() ? std::vector<std::string>{} : found->second.words;
  };
  const auto spelling = [context, path = file.path](std::string_view setting) {
    const auto found = context->settings.find(std::string(setting));
    const std::size_t line = found == context->settings.end() ? 0 : found->second.key.line;
    return fmt::format("{}:{}: {}", path, line, setting);
  };
  return {lookup, spelling, Code::config, true};
}

Error missing(const Config& config, const std::string& name) {
  std::string names;
  for (const ConfigFile& file : config.files)
    for (const auto& [each, context] : file.contexts)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", printable(each));
  return {Code::config, fmt::format("there is no context {}", in_quotes(name)),
          names.empty() ? "no config file has any; 'coord config set' makes one"
                        : "there are: " + names};
}

// Whoever names a context and gets another cluster should know why.
std::string shadow_note(const Settings& settings, const std::string& name, std::size_t layers) {
  const auto [by, spelling] = settings.origin("endpoints");
  if (settings.rank("context") != 0 || by == 0 || by >= layers) return "";
  return fmt::format("coord: {} counts before context {}", spelling, in_quotes(name));
}

}  // namespace

std::string Config::current() const {
  const auto found =
      std::ranges::find_if(files, [](const ConfigFile& file) { return file.current.has_value(); });
  return found == files.end() ? "" : found->current->words.front();
}

bool Config::has(const std::string& context) const {
  return std::ranges::any_of(
      files, [&](const ConfigFile& file) { return file.contexts.contains(context); });
}

std::string own_config_path(const Environment& environment) {
  const std::string given = value_of(environment, "COORD_CONFIG");
  return given.empty() ? home_file(environment) : given;
}

Result<Config> load_config(const Environment& environment) {
  Config config;
  const std::string given = value_of(environment, "COORD_CONFIG");
  const auto paths = given.empty() ? std::vector<std::string>{home_file(environment), kSystemFile}
                                   : std::vector<std::string>{given};
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    COORD_TRY_INTO(auto file, read_config(path));
    if (file) config.files.push_back(*std::move(file));
  }
  if (!given.empty() && config.files.empty()) {
    return fail(Code::config, fmt::format("COORD_CONFIG: there is no file {}", in_quotes(given)),
                "unset it, or 'coord config set' makes the file");
  }
  return config;
}

Result<ChosenContext> add_context(Settings& settings, const Environment& environment) {
  COORD_TRY_INTO(const auto said, settings.text("context"));
  if (said == kNoContext) return ChosenContext{std::string(kNoContext), ""};
  COORD_TRY_INTO(const Config config, load_config(environment));
  const std::string name = said.value_or(config.current());
  if (name == kNoContext || (name.empty() && !said)) return ChosenContext{name, ""};
  if (!config.has(name)) return std::unexpected(missing(config, name));
  const std::size_t layers = settings.layers();
  for (const ConfigFile& file : config.files)
    if (file.contexts.contains(name)) settings.add(context_layer(file, name));
  return ChosenContext{name, shadow_note(settings, name, layers)};
}

}  // namespace coord::cli
