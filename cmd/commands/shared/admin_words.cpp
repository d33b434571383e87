#include "cmd/commands/shared/admin_words.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace coord::commands {
namespace {

// COUNT of a unit of which PER make the next, with no more decimals than it needs.
std::string decimal(std::int64_t count, std::int64_t per) {
  std::string text = std::to_string(count / per);
  if (count % per == 0) return text;
  std::string part = std::to_string(per + count % per).substr(1);
  part.erase(part.find_last_not_of('0') + 1);
  return text + '.' + part;
}

}  // namespace

std::string id_text(std::uint64_t id) { return fmt::format("{:x}", id); }

std::string padded_id_text(std::uint64_t id) { return fmt::format("{:16x}", id); }

Result<std::uint64_t> parse_member_id(const std::string& text) {
  std::uint64_t id = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, id, 16);
  if (error == std::errc{} && end == last) return id;
  return fail(Code::usage, fmt::format("'{}' is not a member's id", text),
              "ids are hex, as 'coord member list' shows them");
}

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 10) return fmt::format("{} B", bytes);
  std::size_t unit = 0;
  double scale = 1;
  for (; unit + 1 < kUnits.size() && static_cast<double>(bytes) >= scale * 1000; ++unit)
    scale *= 1000;
  const double value = std::floor(static_cast<double>(bytes) / scale * 10 + 0.5) / 10;
  return fmt::format("{:.{}f} {}", value, value < 10 ? 1 : 0, kUnits.at(unit));
}

std::string took_text(Duration span) {
  const std::int64_t ns = std::chrono::nanoseconds(span).count();
  if (ns == 0) return "0s";
  if (ns < 1000) return fmt::format("{}ns", ns);
  if (ns < 1000000) return decimal(ns, 1000) + "µs";
  if (ns < 1000000000) return decimal(ns, 1000000) + "ms";
  const std::int64_t minutes = ns / 60000000000;
  std::string text = decimal(ns % 60000000000, 1000000000) + 's';
  if (minutes > 0) text.insert(0, fmt::format("{}m", minutes % 60));
  if (minutes >= 60) text.insert(0, fmt::format("{}h", minutes / 60));
  return text;
}

std::string joined(const out::Cells& cells) {
  std::string line;
  for (const out::Cell& cell : cells) line += (&cell == cells.data() ? "" : ", ") + cell.text;
  return line;
}

out::Field gap() { return {"", "\n", {}}; }

}  // namespace coord::commands
