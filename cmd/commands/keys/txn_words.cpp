#include "cmd/commands/keys/txn_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::unexpected<Error> no_escape(std::string_view escape) {
  return fail(Code::bad_data, fmt::format("{} is no escape", in_quotes(escape)),
              R"(there are \n \t \r \a \b \f \v \\ \" \x00 \000 \u0000 and \U00000000)");
}

void append_rune(std::string& text, std::uint32_t rune) {
  const auto byte = [&text](std::uint32_t value) { text += static_cast<char>(value); };
  const auto tail = [&](int shift) { byte(0x80U | ((rune >> shift) & 0x3fU)); };
  if (rune < 0x80) {
    byte(rune);
  } else if (rune < 0x800) {
    byte(0xc0U | (rune >> 6U));
    tail(0);
  } else if (rune < 0x10000) {
    byte(0xe0U | (rune >> 12U));
    tail(6);
    tail(0);
  } else {
    byte(0xf0U | (rune >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The number of an escape: DIGITS of BASE behind SKIP characters; nothing where it is none.
std::optional<std::uint32_t> number(std::string_view escape, std::size_t skip, std::size_t digits,
                                    int base) {
  if (escape.size() < skip + digits) return std::nullopt;
  std::uint32_t value = 0;
  const char* const end = escape.data() + skip + digits;
  const auto read = std::from_chars(escape.data() + skip, end, value, base);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

// TEXT begins with a backslash and the character behind it.
Result<> take_escape(std::string_view& text, std::string& out) {
  constexpr std::string_view kNamed = "a\ab\bf\fn\nr\rt\tv\v\\\\\"\"";
  const char kind = text[1];
  for (std::size_t i = 0; i < kNamed.size(); i += 2) {
    if (kNamed[i] != kind) continue;
    out += kNamed[i + 1];
    text.remove_prefix(2);
    return {};
  }
  const bool octal = kind >= '0' && kind <= '7';
  const bool hex = kind == 'x' || kind == 'u' || kind == 'U';
  if (!octal && !hex) return no_escape(text.substr(0, 2));
  const std::size_t skip = octal ? 1 : 2;
  const std::size_t digits = octal ? 3 : kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
  const auto value = number(text, skip, digits, octal ? 8 : 16);
  const bool byte = octal || kind == 'x';
  const bool surrogate = !byte && value >= 0xd800U && value <= 0xdfffU;
  if (!value || *value > (byte ? 0xffU : 0x10ffffU) || surrogate)
    return no_escape(text.substr(0, skip + digits));
  if (byte) {
    out += static_cast<char>(*value);
  } else {
    append_rune(out, *value);
  }
  text.remove_prefix(skip + digits);
  return {};
}

std::unexpected<Error> no_end(std::string_view text) {
  return fail(Code::bad_data, fmt::format("a quote has no end: {}", in_quotes(text)));
}

// As it stands, up to the next quote of the same kind.
Result<std::string> take_raw(std::string_view& text) {
  const auto end = text.find(text.front(), 1);
  if (end == std::string_view::npos) return no_end(text);
  std::string out(text.substr(1, end - 1));
  text.remove_prefix(end + 1);
  return out;
}

}  // namespace

Result<std::string> take_quoted(std::string_view& text) {
  if (text.front() == '`') return take_raw(text);
  const std::string_view whole = text;
  std::string out;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
    } else if (text.size() < 2) {
      return no_end(whole);
    } else {
      COORD_TRY(take_escape(text, out));
    }
  }
  if (text.empty()) return no_end(whole);
  text.remove_prefix(1);
  return out;
}

Result<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> words;
  for (;;) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) return words;
    if (line.front() == '"') {
      COORD_TRY_INTO(words.emplace_back(), take_quoted(line));
    } else if (line.front() == '\'') {
      COORD_TRY_INTO(words.emplace_back(), take_raw(line));
    } else {
      const auto end = std::min(line.find_first_of(kBlanks), line.size());
      words.emplace_back(line.substr(0, end));
      line.remove_prefix(end);
    }
  }
}

std::string_view trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace coord::commands
