// Files and pipes, whole. A read that fails is an error, never the end.
#pragma once

#include <string>

#include "coord/base/result.hpp"

namespace coord::commands {

// What is left to read. Code::os, "WHAT: " and why.
Result<std::string> read_all(int fd, const std::string& what);

// The whole file, as it is. Code::bad_data, "cannot read 'PATH': " and why; with ROLE ("a key"):
// "cannot read a key from 'PATH': " and why.
Result<std::string> read_file(const std::string& path, const std::string& role = "");

}  // namespace coord::commands
