// Changes of a config file that leave all else in it as it is, comments and order too.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cmd/cli/config_file.hpp"

namespace coord::cli {

// TEXT, which FILE was parsed from, with one word of it changed. Without a VALUE the setting goes.
// Code::usage for a value that is none of its kind; Code::config where the file is written in a way
// that no line can be put into (inline tables, dotted keys): then it is a person's to edit.
Result<std::string> with_setting(const ConfigFile& file, const std::string& text,
                                 const std::string& context, const std::string& setting,
                                 const std::optional<std::string>& value);
Result<std::string> with_current(const ConfigFile& file, const std::string& text,
                                 const std::string& context);

using ConfigChange =
    std::function<Result<std::string>(const ConfigFile& file, const std::string& text)>;

// Reads PATH, or takes it for empty, and writes what CHANGE makes of it: another file first, to
// disk, then in its place, so that whoever reads sees the old or the new one. One of several at the
// same time after the other. A new file is its owner's alone (0600), one with a password becomes
// so. Code::config, Code::os.
Result<> edit_config(const std::string& path, const ConfigChange& change);

}  // namespace coord::cli
