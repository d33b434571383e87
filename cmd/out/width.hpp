// How many columns of a terminal a text takes.
#pragma once

#include <cstddef>
#include <string_view>

namespace coord::out {

// Of printable UTF-8 (bytes.hpp): a Chinese sign takes two columns, a combining accent none.
std::size_t display_width(std::string_view text);

// The longest beginning of it that takes no more than COLUMNS; no sign is torn.
std::string_view fitting(std::string_view text, std::size_t columns);

}  // namespace coord::out
