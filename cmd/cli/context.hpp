// Context: the named set of settings that stands behind flags and variables, chosen by --context,
// COORD_CONTEXT, or the config file's own word, and read from
//
//   $COORD_CONFIG, and no other file, if that is set; else
//   $XDG_CONFIG_HOME/coord/config.toml (~/.config), and behind it /etc/coord/config.toml: what the
//   first has no word for, the second may have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/config_file.hpp"
#include "cmd/cli/settings.hpp"

namespace coord::cli {

struct Config {
  std::vector<ConfigFile> files;  // those that there are, best first

  std::string current() const;  // the files' own word; may be empty
  bool has(const std::string& context) const;
};

struct ChosenContext {
  std::string name;  // empty: none; "none": none, because somebody said so
  std::string note;  // what people should hear about it; usually empty
};

// Where `coord config set` writes. Empty when nothing says where home is.
std::string own_config_path(const Environment& environment);

// Code::config. $COORD_CONFIG must be there.
Result<Config> load_config(const Environment& environment);

// Chooses by what SETTINGS say so far, and puts the context behind them. No file is opened for
// "none". Code::config, also for a context that no file has.
Result<ChosenContext> add_context(Settings& settings, const Environment& environment);

}  // namespace coord::cli
