#include "cmd/cli/config_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "cmd/cli/settings.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"

namespace coord::cli {
namespace {

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string name_of(std::string_view name) {
  const bool bare = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
  return bare ? std::string(name) : toml_string(name);
}

Kind kind_of(std::string_view setting) {
  return std::ranges::find(settings(), setting, &Setting::name)->kind;
}

std::string array_of(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + toml_string(word);
  return '[' + list + ']';
}

// The value as TOML, if it is of the setting's kind.
Result<std::string> as_toml(const std::string& setting, const std::string& value) {
  if (!is_utf8(value)) return fail(Code::usage, "the value is not UTF-8, and TOML is");
  const auto lookup = [&](std::string_view) { return std::vector{value}; };
  const auto spelling = [](std::string_view name) { return std::string(name); };
  const Settings one({{lookup, spelling, Code::usage}});
  const Kind kind = kind_of(setting);
  if (kind == Kind::list) {
    COORD_TRY_INTO(const auto words, one.list(setting));
    return array_of(words);
  }
  if (kind == Kind::number) {
    COORD_TRY_INTO(const auto number, one.number(setting, 0));
    return std::to_string(number);
  }
  if (kind == Kind::boolean) {
    COORD_TRY_INTO(const bool yes, one.boolean(setting, false));
    return std::string(yes ? "true" : "false");
  }
  if (kind == Kind::duration) COORD_TRY(one.duration(setting, {}));
  return toml_string(value);
}

std::size_t line_start(std::string_view text, std::size_t line) {
  std::size_t at = 0;
  for (; line > 1 && at < text.size(); --line) {
    const auto end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  return at;
}

std::size_t offset_of(std::string_view text, Spot spot) {
  std::size_t at = line_start(text, spot.line);
  const auto continues = [&] {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  for (std::size_t left = spot.column - 1; left > 0 && at < text.size(); --left) {
    ++at;
    while (continues()) ++at;
  }
  return at;
}

std::string replaced(std::string text, const ConfigEntry& entry, const std::string& value) {
  const std::size_t begin = offset_of(text, entry.begin);
  return text.replace(begin, offset_of(text, entry.end) - begin, value);
}

std::string without(std::string text, const ConfigEntry& entry) {
  const std::size_t begin = line_start(text, entry.key.line);
  return text.erase(begin, line_start(text, entry.end.line + 1) - begin);
}

// LINE goes behind that line number; 0 is the beginning.
std::string inserted(std::string text, std::size_t behind, const std::string& line) {
  const std::size_t at = behind == 0 ? 0 : line_start(text, behind + 1);
  const bool cut_off = at > 0 && text[at - 1] != '\n';
  return text.insert(at, (cut_off ? "\n" : "") + line + '\n');
}

std::string changed(const ConfigFile& file, std::string text, const std::string& context,
                    const std::string& setting, const std::optional<std::string>& value) {
  const auto table = file.contexts.find(context);
  const std::string line = setting + " = " + value.value_or("");
  if (table == file.contexts.end()) {
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text +
           fmt::format("{}[contexts.{}]\n{}\n", text.empty() ? "" : "\n", name_of(context), line);
  }
  const auto entry = table->second.settings.find(setting);
  if (entry == table->second.settings.end())
    return inserted(std::move(text), table->second.last_line, line);
  return value ? replaced(std::move(text), entry->second, *value)
               : without(std::move(text), entry->second);
}

using Everything = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

Everything everything(const ConfigFile& file) {
  Everything all;
  if (file.current) all[{"", "context"}] = file.current->words;
  for (const auto& [name, context] : file.contexts)
    for (const auto& [setting, entry] : context.settings) all[{name, setting}] = entry.words;
  return all;
}

// Is NAME the only thing in which the two differ, and is it there as wanted?
Result<std::string> checked(const ConfigFile& file, std::string text,
                            const std::pair<std::string, std::string>& name, bool present) {
  const auto parsed = parse_config(file.path, text);
  bool good = parsed.has_value();
  if (good) {
    Everything before = everything(file);
    Everything now = everything(*parsed);
    good = now.contains(name) == present;
    before.erase(name);
    now.erase(name);
    good = good && before == now;
  }
  if (good) return text;
  return fail(Code::config,
              fmt::format("{} is written in a way that coord cannot change '{}' in", file.path,
                          name.second),
              "edit it by hand");
}

}  // namespace

Result<std::string> with_setting(const ConfigFile& file, const std::string& text,
                                 const std::string& context, const std::string& setting,
                                 const std::optional<std::string>& value) {
  std::optional<std::string> toml;
  if (value) {
    COORD_TRY_INTO(toml, as_toml(setting, *value));
  }
  return checked(file, changed(file, text, context, setting, toml), {context, setting},
                 value.has_value());
}

Result<std::string> with_current(const ConfigFile& file, const std::string& text,
                                 const std::string& context) {
  std::string now =
      file.current
          ? replaced(text, *file.current, toml_string(context))
          : inserted(text, 0, "context = " + toml_string(context) + (text.empty() ? "" : "\n"));
  return checked(file, std::move(now), {"", "context"}, true);
}

}  // namespace coord::cli
