#include "coord/proc/signal_name.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace coord::proc {

std::optional<int> signal_by_name(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc{} && rest == end)
    return number > 0 && number <= SIGRTMAX ? std::optional(number) : std::nullopt;
  std::string name(text);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  if (name.starts_with("SIG")) name.erase(0, 3);
  for (number = 1; number < NSIG; ++number) {
    const char* const known = sigabbrev_np(number);
    if (known != nullptr && name == known) return number;
  }
  return std::nullopt;
}

}  // namespace coord::proc
