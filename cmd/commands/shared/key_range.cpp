#include "cmd/commands/shared/key_range.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/read_file.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

Result<std::string> key_given_otherwise(const KeyWords& words) {
  if (words.file && words.hex)
    return fail(Code::usage, "--key-file and --key-hex exclude each other");
  if (words.file) return read_file(*words.file, "a key");
  if (auto key = unhex(*words.hex)) return *std::move(key);
  return fail(Code::usage, fmt::format("--key-hex: '{}' is not hex", *words.hex),
              "two digits a byte: 666f6f is foo");
}

}  // namespace

void add_range_operands(CLI::App& app, KeyWords& words, const std::string& end) {
  cli::operand(app, "KEY", words.first, "the key, or where the range begins", cli::Shown::plain);
  cli::operand(app, "RANGE_END", words.second, "where the range ends: " + end);
}

void add_key_options(CLI::App& app, KeyWords& words) {
  cli::text(app, "--key-file", words.file, "FILE",
            "the key is the whole content of FILE, and no operand");
  cli::text(app, "--key-hex", words.hex, "HEX", "the key in hex (666f6f), and no operand");
}

void add_range_options(CLI::App& app, KeyWords& words) {
  cli::flag(app, "--prefix", words.prefix, "every key that begins with KEY");
  cli::flag(app, "--from-key", words.from_key, "KEY and every key behind it in byte order");
}

Result<KeyAndRest> resolve_key(const KeyWords& words) {
  if (!words.file && !words.hex) {
    if (!words.first) return fail(Code::usage, "KEY is missing");
    return KeyAndRest{*words.first, words.second};
  }
  if (words.second) return fail(Code::usage, fmt::format("one word too many: '{}'", *words.second));
  COORD_TRY_INTO(auto key, key_given_otherwise(words));
  return KeyAndRest{std::move(key), words.first};
}

Result<KeyRange> resolve_range(const KeyWords& words) {
  if (words.prefix && words.from_key)
    return fail(Code::usage, "--prefix and --from-key exclude each other");
  COORD_TRY_INTO(auto given, resolve_key(words));
  if (!words.prefix && !words.from_key)
    return KeyRange{std::move(given.key), given.rest.value_or("")};
  if (given.rest)
    return fail(Code::usage,
                fmt::format("no RANGE_END beside {}", words.prefix ? "--prefix" : "--from-key"));
  // The empty key is no key; the least one is a NUL byte.
  const std::string end = words.prefix ? prefix_end(given.key) : std::string(1, '\0');
  return KeyRange{given.key.empty() ? std::string(1, '\0') : std::move(given.key), end};
}

std::string describe(const KeyWords& words, const KeyRange& range) {
  const std::string key = in_quotes(range.key);
  if (words.prefix) return "keys with prefix " + key;
  if (words.from_key) return "keys from " + key;
  return range.range_end.empty()
             ? key
             : fmt::format("keys from {} to {}", key, in_quotes(range.range_end));
}

}  // namespace coord::commands
