#include "coord/base/bytes.hpp"

#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace coord {
namespace {

// One code point from the front of a byte string: how many bytes it takes, 0 where they are not
// UTF-8.
struct Rune {
  char32_t value = 0;
  std::size_t length = 0;
};

Rune decode(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return {};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0U) != 0x80) return {};
    value = (value << 6U) | (at(i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kSmallest[length] || value > 0x10ffff || surrogate) return {};
  return {value, length};
}

// Code points that Go's %q and a terminal must not see raw: controls, invisible spaces, format
// marks, private use.
bool is_unprintable(char32_t rune) {
  constexpr std::pair<char32_t, char32_t> kRanges[] = {
      {0x00, 0x1f},     {0x7f, 0xa0},     {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},
      {0x6dd, 0x6dd},   {0x70f, 0x70f},   {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},
      {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000},   {0xe000, 0xf8ff},   {0xfeff, 0xfeff},
      {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff}};
  return std::ranges::any_of(kRanges,
                             [rune](auto r) { return rune >= r.first && rune <= r.second; });
}

// Without fmt: of a value that is no text it is what most of the time goes into.
void append_hex(std::string& out, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
}

std::string escape_rune(char32_t rune) {
  constexpr std::string_view kNamed = "\aa\bb\tt\nn\vv\ff\rr";
  for (std::size_t i = 0; i < kNamed.size(); i += 2) {
    if (rune == static_cast<unsigned char>(kNamed[i])) return {'\\', kNamed[i + 1]};
  }
  const auto value = static_cast<std::uint32_t>(rune);
  if (value < 0x20 || value == 0x7f) return fmt::format("\\x{:02x}", value);
  return value < 0x10000 ? fmt::format("\\u{:04x}", value) : fmt::format("\\U{:08x}", value);
}

enum class Quotes { plain, escaped };

// What most values are made of, at the front of a byte string: ASCII that stands for itself.
std::size_t plain_length(std::string_view bytes, Quotes quotes) {
  const bool escaped = quotes == Quotes::escaped;
  const auto end = std::ranges::find_if(bytes, [escaped](char c) {
    return c < ' ' || c > '~' || (escaped && (c == '"' || c == '\\'));
  });
  return static_cast<std::size_t>(end - bytes.begin());
}

void append_escaped(std::string& out, std::string_view bytes, Quotes quotes) {
  for (;;) {
    const std::size_t plain = plain_length(bytes, quotes);
    out += bytes.substr(0, plain);
    bytes.remove_prefix(plain);
    if (bytes.empty()) return;
    const Rune rune = decode(bytes);
    const std::size_t length = std::max<std::size_t>(rune.length, 1);
    if (rune.length == 0) {
      append_hex(out, static_cast<unsigned char>(bytes[0]));
    } else if (bytes[0] == '"' || bytes[0] == '\\') {
      out += {'\\', bytes[0]};
    } else if (is_unprintable(rune.value)) {
      out += escape_rune(rune.value);
    } else {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length);
  }
}

}  // namespace

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::string(1, '\0');
  end.back() = static_cast<char>(end.back() + 1);
  return end;
}

std::string base64(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

std::optional<std::string> unbase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape({text.data(), text.size()}, &bytes)) return std::nullopt;
  if (base64(bytes) != text) return std::nullopt;  // abseil takes blanks and missing padding too
  return bytes;
}

std::string hex(std::string_view bytes) {
  return absl::BytesToHexString({bytes.data(), bytes.size()});
}

std::optional<std::string> unhex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  if (text.size() % 2 != 0 || text.find_first_not_of(kDigits) != std::string_view::npos)
    return std::nullopt;
  std::string bytes;  // abseil's function has another signature in each of its versions
  for (; !text.empty(); text.remove_prefix(2)) {
    unsigned char byte = 0;
    std::from_chars(text.data(), text.data() + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string go_quote(std::string_view bytes) {
  std::string out = "\"";
  out.reserve(bytes.size() + 2);
  append_escaped(out, bytes, Quotes::escaped);
  return out += '"';
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = decode(bytes).length;
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view bytes) {
  std::string out;
  append_escaped(out, bytes, Quotes::plain);
  return out;
}

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMost = 200;
  if (name.size() <= kMost) return '\'' + printable(name) + '\'';
  std::size_t end = kMost;
  while (end > kMost - 4 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80)
    --end;  // not within a character
  return '\'' + printable(name.substr(0, end)) + "…'";
}

}  // namespace coord
