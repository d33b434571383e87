#include "cmd/cli/config_file.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cmd/cli/settings.hpp"
#include "cmd/cli/suggest.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/os_reason.hpp"

namespace coord::cli {
namespace {

Spot spot(const toml::source_position& position) { return {position.line, position.column}; }

const Setting* setting_of(std::string_view name) {
  const auto found = std::ranges::find(settings(), name, &Setting::name);
  return found == settings().end() ? nullptr : &*found;
}

// "/etc/coord/ca.pem" for ca.pem.
std::string beside(const std::string& config, const std::string& file) {
  const auto slash = config.rfind('/');
  const bool whole = file.empty() || file.front() == '/' || slash == std::string::npos;
  return whole ? file : config.substr(0, slash + 1) + file;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : file_{.path = path} {}

  Result<ConfigFile> read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      if (key.str() == "context") {
        COORD_TRY(read_current(key, node));
      } else if (key.str() == "contexts" && node.is_table()) {
        COORD_TRY(read_contexts(*node.as_table()));
      } else {
        return complain(key, fmt::format("'{}' is unknown here", key.str()),
                        "settings stand in a context: [contexts.NAME]");
      }
    }
    return std::move(file_);
  }

 private:
  std::unexpected<Error> complain(const toml::key& key, const std::string& what,
                                  const std::string& hint = {}) const {
    return fail(Code::config,
                fmt::format("{}:{}: {}", file_.path, key.source().begin.line, printable(what)),
                hint);
  }

  static ConfigEntry entry(const toml::key& key, const toml::node& node) {
    return {.key = spot(key.source().begin),
            .begin = spot(node.source().begin),
            .end = spot(node.source().end)};
  }

  Result<> read_current(const toml::key& key, const toml::node& node) {
    if (!node.is_string()) return complain(key, "context is no text: the name of a context");
    file_.current = entry(key, node);
    file_.current->words = {node.as_string()->get()};
    return {};
  }

  Result<> read_contexts(const toml::table& contexts) {
    for (const auto& [name, node] : contexts) {
      if (!node.is_table()) {
        return complain(name, fmt::format("contexts.{} is no table", name.str()),
                        "settings stand in a context: [contexts.NAME]");
      }
      if (name.str() == kNoContext || name.str().empty())
        return complain(name, fmt::format("no context can be called '{}'", name.str()));
      ConfigContext& context = file_.contexts[std::string(name.str())];
      context.last_line = node.source().end.line;
      for (const auto& [key, value] : *node.as_table())
        COORD_TRY(read_setting(context, key, value));
    }
    return {};
  }

  Result<> read_setting(ConfigContext& context, const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    if (!is_context_setting(name)) return unknown(key);
    ConfigEntry one = entry(key, node);
    const Setting& setting = *setting_of(name);
    if (!read_words(setting, node, one.words))
      return complain(key, fmt::format("{} is not {}", name, wanted(setting.kind)));
    if (std::string_view(setting.placeholder) == "FILE")
      one.words.front() = beside(file_.path, one.words.front());
    context.last_line = std::max(context.last_line, one.end.line);
    context.settings.emplace(name, std::move(one));
    return {};
  }

  std::unexpected<Error> unknown(const toml::key& key) const {
    const auto meant = nearest(key.str(), context_settings());
    return complain(key, fmt::format("there is no setting '{}'", key.str()),
                    meant ? fmt::format("did you mean '{}'?", *meant)
                          : "'coord config view' shows the settings");
  }

  static const char* wanted(Kind kind) {
    if (kind == Kind::list) return "a list of texts";
    if (kind == Kind::duration) return "a duration: \"1m30s\", or a number of seconds";
    if (kind == Kind::number) return "a number";
    return kind == Kind::boolean ? "true or false" : "a text";
  }

  static bool read_words(const Setting& setting, const toml::node& node,
                         std::vector<std::string>& words) {
    const bool number = setting.kind == Kind::number || setting.kind == Kind::duration;
    if (setting.kind == Kind::list && node.is_array()) return read_list(*node.as_array(), words);
    if (setting.kind == Kind::boolean && node.is_boolean())
      words = {node.as_boolean()->get() ? "true" : "false"};
    if (number && node.is_integer()) words = {std::to_string(node.as_integer()->get())};
    if (setting.kind != Kind::boolean && setting.kind != Kind::number && node.is_string())
      words = {node.as_string()->get()};
    return !words.empty();
  }

  static bool read_list(const toml::array& array, std::vector<std::string>& words) {
    for (const toml::node& one : array) {
      if (!one.is_string()) return false;
      words.push_back(join_csv({one.as_string()->get()}));
    }
    return !words.empty();
  }

  ConfigFile file_;
};

std::unexpected<Error> unreadable(const std::string& path) {
  return fail(Code::config, fmt::format("cannot read {}: {}", path, os_reason(errno)));
}

// As ssh has it with keys. What root keeps for a group stays between the two.
bool others_can_read(const struct stat& info) {
  const mode_t open_to = info.st_uid == 0 ? S_IRWXO : S_IRWXO | S_IRWXG;
  return S_ISREG(info.st_mode) && (info.st_mode & open_to) != 0;
}

}  // namespace

Result<std::optional<Contents>> contents_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (fd < 0) return unreadable(path);
  Contents contents;
  std::array<char, 4096> bytes{};
  ssize_t count = ::fstat(fd, &contents.info);
  while (count >= 0 && (count = ::read(fd, bytes.data(), bytes.size())) > 0)
    contents.text.append(bytes.data(), static_cast<std::size_t>(count));
  const int error = errno;
  ::close(fd);
  errno = error;
  if (count < 0) return unreadable(path);
  return contents;
}

bool is_context_setting(std::string_view setting) {
  return setting != "context" && has_variables(setting);
}

std::vector<std::string> context_settings() {
  std::vector<std::string> names;
  for (const Setting& setting : settings())
    if (is_context_setting(setting.name)) names.emplace_back(setting.name);
  return names;
}

bool ConfigFile::has_password() const {
  return std::ranges::any_of(contexts, [](const auto& context) {
    const auto& all = context.second.settings;
    const auto user = all.find("user");
    return all.contains("password") ||
           (user != all.end() && user->second.words.front().contains(':'));
  });
}

Result<ConfigFile> parse_config(const std::string& path, std::string_view text) {
  const toml::parse_result parsed = toml::parse(text, std::string_view(path));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail(Code::config, fmt::format("{}:{}: {}", path, error.source().begin.line,
                                          printable(error.description())));
  }
  return Reader(path).read(parsed.table());
}

Result<std::optional<ConfigFile>> read_config(const std::string& path) {
  COORD_TRY_INTO(const auto contents, contents_of(path));
  if (!contents) return std::nullopt;
  COORD_TRY_INTO(auto file, parse_config(path, contents->text));
  if (file.has_password() && others_can_read(contents->info)) {
    return fail(Code::config, fmt::format("{} holds a password, and others can read it", path),
                fmt::format("chmod 600 {}, or keep the password in a password-file", path));
  }
  return file;
}

}  // namespace coord::cli
