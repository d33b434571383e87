// Settings: the global options, each with the variables that stand for it. One table; the flags,
// the environment and config files are layers over it, and the first layer that says
// something wins.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::cli {

enum class Kind { text, list, duration, number, boolean, count };

struct Setting {
  const char* name;    // "dial-timeout": --dial-timeout, COORD_DIAL_TIMEOUT, ETCDCTL_DIAL_TIMEOUT
  const char* letter;  // "w", or ""
  Kind kind;
  const char* placeholder;  // also the kind for completion
  bool variable;            // has it got variables?
  const char* group;        // heading in the help
  const char* help;
};

std::span<const Setting> settings();
bool has_variables(std::string_view setting);
// ("COORD_", "dial-timeout") makes COORD_DIAL_TIMEOUT.
std::string variable_name(std::string_view prefix, std::string_view setting);

// Adds them to the root as options.
void add_settings(CLI::App& root);

// A source of settings. lookup() gives the words for a setting's name; none when it has none.
struct Layer {
  std::function<std::vector<std::string>(std::string_view name)> lookup;
  // For messages: "--dial-timeout", "COORD_DIAL_TIMEOUT".
  std::function<std::string(std::string_view name)> spelling;
  Code blame = Code::config;  // of a value that cannot be used
  bool one_login = false;     // its password is that of its own user only
};

using Environment = std::function<const char*(const std::string& name)>;  // null: not set

// The parsed tree, which must outlive it.
Layer flag_layer(const CLI::App& root);
// PREFIX is "COORD_" or "ETCDCTL_". An empty variable counts as not set.
Layer variable_layer(const std::string& prefix, Environment environment);

// The layers, best first, and what they say in a setting's own type. Code::usage or config, naming
// the source, for text that does not parse.
class Settings {
 public:
  explicit Settings(std::vector<Layer> layers) : layers_(std::move(layers)) {}

  Result<std::optional<std::string>> text(std::string_view name) const;
  // Empty when not set; "--cert=" is an error.
  Result<std::string> file(std::string_view name) const;
  Result<std::vector<std::string>> list(std::string_view name) const;  // CSV, repeated ones joined
  Result<Duration> duration(std::string_view name, Duration otherwise) const;
  Result<std::size_t> number(std::string_view name, std::size_t otherwise) const;
  Result<bool> boolean(std::string_view name, bool otherwise) const;
  int count(std::string_view name) const;

  // How good the layer is that has it: 0 the best; layers' number when none has.
  std::size_t rank(std::string_view name) const;
  // The same, and how the layer spells it; "" when none has it.
  std::pair<std::size_t, std::string> origin(std::string_view name) const;
  // All its words; empty when it is not set.
  std::vector<std::string> words(std::string_view name) const { return find(name).words; }
  // A password of one layer that is not for the user whom a better one names?
  bool is_of_other_login(std::string_view name) const;

  std::size_t layers() const { return layers_.size(); }
  void add(Layer layer) { layers_.push_back(std::move(layer)); }  // the worst

 private:
  struct Found {
    std::vector<std::string> words;
    const Layer* layer = nullptr;
  };
  Found find(std::string_view name) const;
  std::unexpected<Error> bad(const Found& found, std::string_view name,
                             const std::string& wanted) const;

  std::vector<Layer> layers_;
};

// Fields of one line of CSV, blanks around them cut: a,"b,c" , d. Nothing for an open quote.
std::optional<std::vector<std::string>> split_csv(std::string_view line);
std::string join_csv(const std::vector<std::string>& fields);

}  // namespace coord::cli
