// ConfigFile: a file of contexts, which are named sets of settings, and the place of each word in
// it.
//
//   context = "prod"
//
//   [contexts.prod]
//   endpoints = ["https://etcd-1:2379", "https://etcd-2:2379"]
//   cacert = "ca.pem"
//
// TOML. Every setting that has a variable may stand in a context, under its flag's name: lists as
// arrays or as text with commas, durations as text or as seconds. Names of files are relative to
// the folder of the config file. Whatever else stands in it is an error that names file and line.
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::cli {

struct Spot {
  std::size_t line = 0;    // from 1
  std::size_t column = 0;  // from 1, in characters
};

struct ConfigEntry {
  std::vector<std::string> words;  // as the flag would be given
  Spot key;                        // where the line's key begins
  Spot begin;                      // the value, and behind it
  Spot end;
};

struct ConfigContext {
  std::map<std::string, ConfigEntry> settings;
  std::size_t last_line = 0;  // of its heading or its last value
};

struct ConfigFile {
  std::string path;
  std::optional<ConfigEntry> current;  // the context to use where none is named
  std::map<std::string, ConfigContext> contexts;

  bool has_password() const;
};

// "none" is a context that no file has: without any.
inline constexpr std::string_view kNoContext = "none";

// May a context have it?
bool is_context_setting(std::string_view setting);
std::vector<std::string> context_settings();

struct Contents {
  std::string text;
  struct stat info{};
};

// Nothing when there is no such file. Code::config for what cannot be read.
Result<std::optional<Contents>> contents_of(const std::string& path);

// PATH is for messages and for relative names. Code::config.
Result<ConfigFile> parse_config(const std::string& path, std::string_view text);

// Nothing when there is no such file. Code::config for what cannot be read or parsed, and for a
// file with a password that others can read (a group may, where the file is root's).
Result<std::optional<ConfigFile>> read_config(const std::string& path);

}  // namespace coord::cli
