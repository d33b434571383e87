#include "coord/base/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace coord {
namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view name;
  Duration span;
};

constexpr std::array<Unit, 8> kUnits{{{"ns", 1ns},
                                      {"us", 1us},
                                      {"µs", 1us},
                                      {"ms", 1ms},
                                      {"s", 1s},
                                      {"m", 1min},
                                      {"h", 1h},
                                      {"d", 24h}}};
constexpr double kLongest = 100.0 * 365 * 24 * 3600 * 1e9;

bool belongs_to_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }

std::optional<Duration> unit_span(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return unit.span;
  }
  return std::nullopt;
}

// Takes one "12.5ms" from the front of TEXT; its length in nanoseconds.
std::optional<double> take_part(std::string_view& text, bool first) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::size_t length = 0;
  while (length < text.size() && !belongs_to_number(text[length])) ++length;
  const bool bare = length == 0 && text.empty() && first;
  const auto span = bare ? std::optional<Duration>(1s) : unit_span(text.substr(0, length));
  if (!span) return std::nullopt;
  text.remove_prefix(length);
  return number * static_cast<double>(span->count());
}

std::string plain_seconds(Duration rest) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(rest).count();
  if (ms % 1000 == 0) return fmt::format("{}s", ms / 1000);
  std::string text = fmt::format("{}.{:03}", ms / 1000, ms % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  return text + "s";
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto bad = [whole = std::string(text)] {
    return fail(Code::usage, fmt::format("'{}' is not a duration", whole),
                "write 30s, 1m30s, 500ms, or a bare number of seconds");
  };
  double total = 0;
  if (text.empty() || !belongs_to_number(text.front())) return bad();
  for (bool first = true; !text.empty(); first = false) {
    const auto part = take_part(text, first);
    if (!part) return bad();
    total += *part;
  }
  if (!(total <= kLongest)) return bad();
  return Duration{static_cast<Duration::rep>(std::llround(total))};
}

std::string format_duration(Duration span) {
  if (span < 1s && span > 0s) {
    return fmt::format("{}ms", std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
  }
  std::string text;
  for (const Unit& unit : {kUnits[7], kUnits[6], kUnits[5]}) {
    if (span >= unit.span) text += fmt::format("{}{}", span / unit.span, unit.name);
    span %= unit.span;
  }
  return text.empty() || span >= 1ms ? text + plain_seconds(span) : text;
}

std::string format_age(Duration span) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::max(span, Duration{0})).count();
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{}s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{}h{}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{}h", seconds / 86400, seconds / 3600 % 24);
}

}  // namespace coord
