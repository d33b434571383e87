#include "coord/base/layout_shapes.hpp"

#include <algorithm>

#include "coord/base/layout.hpp"

namespace coord::layout {

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_unix_nano(std::string_view text) {
  constexpr std::size_t kDigits = 19;
  return text.size() == kDigits && is_digits(text);
}

bool is_address(std::string_view text) {
  constexpr std::size_t kMostDigits = 5;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = text.substr(colon + 1);
  return port.size() <= kMostDigits && is_digits(port);
}

bool is_fifo_item(std::string_view digits) {
  constexpr std::size_t kOurs = 28;  // unique_digits() and a place
  return is_unix_nano(digits) || (digits.size() == kOurs && is_digits(digits));
}

std::optional<std::string> parse_waiter_key(std::string_view key) {
  const std::string folder = waiter_prefix("");
  const std::size_t at = key.rfind(folder);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  if (!is_unix_nano(key.substr(at + folder.size()))) return std::nullopt;
  return std::string(key.substr(0, at));
}

std::optional<std::string> parse_ready_key(std::string_view key) {
  const std::string end = ready_key("");
  if (key.size() <= end.size() || !key.ends_with(end)) return std::nullopt;
  return std::string(key.substr(0, key.size() - end.size()));
}

}  // namespace coord::layout
