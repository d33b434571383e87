// The words that name a key, or a range of keys, for get, del and put. A command line cannot hold a
// NUL byte, so a key can also come from a file or be written in hex; then it is not among the
// operands, and they move up by one.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/cli11.hpp"
#include "coord/base/result.hpp"

namespace coord::commands {

struct KeyWords {
  std::optional<std::string> first;  // KEY, or RANGE_END / VALUE where the key is given otherwise
  std::optional<std::string> second;
  std::optional<std::string> file;
  std::optional<std::string> hex;
  bool prefix = false;
  bool from_key = false;
};

struct KeyRange {
  std::string key;
  std::string range_end;  // empty: that key alone
};

struct KeyAndRest {
  std::string key;
  std::optional<std::string> rest;  // the operand behind the key
};

// KEY and RANGE_END, which may be left out. END says in the help what the second one is.
void add_range_operands(CLI::App& app, KeyWords& words, const std::string& end);
void add_key_options(CLI::App& app, KeyWords& words);    // --key-file, --key-hex
void add_range_options(CLI::App& app, KeyWords& words);  // --prefix, --from-key

// Code::usage when there is no key, two of them, or an operand too many; Code::bad_data for an
// unreadable file.
Result<KeyAndRest> resolve_key(const KeyWords& words);
Result<KeyRange> resolve_range(const KeyWords& words);

// For messages: 'foo', 'foo' and what follows, every key.
std::string describe(const KeyWords& words, const KeyRange& range);

}  // namespace coord::commands
