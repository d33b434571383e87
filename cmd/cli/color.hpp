// The words of --color.
#pragma once

#include <optional>
#include <string_view>

#include "cmd/cli/globals.hpp"

namespace coord::cli {

inline std::optional<Color> parse_color(std::string_view when) {
  if (when == "auto") return Color::automatic;
  if (when == "always") return Color::always;
  if (when == "never") return Color::never;
  return std::nullopt;
}

}  // namespace coord::cli
