// The lines that `export` writes, read again.
#pragma once

#include <string>
#include <string_view>

#include "coord/base/result.hpp"

namespace coord::commands {

struct ImportLine {
  std::string key;
  std::string value;
  bool leased = false;  // it hung on a lease
};

// Of other members but key, value, lease and their …_b64, which come first where they are, nothing
// is wanted. Code::bad_data, which says what is wrong with the line.
Result<ImportLine> parse_import_line(std::string_view line);

}  // namespace coord::commands
