// What keys and parts of keys look like: for those who look at keys that anybody may have put.
//
// The layouts (layout.hpp, layout_queue.hpp) have no marks of their own, so looks are no proof.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coord::layout {

bool is_digits(std::string_view text);     // at least one, and nothing else
bool is_unix_nano(std::string_view text);  // Unix time in ns, from 2001 to 2286: 19 digits
bool is_address(std::string_view text);    // HOST ":" PORT

// The end of a FIFO queue's item, without attempts: as coord puts them, or Go.
bool is_fifo_item(std::string_view digits);

// The name of the double barrier, never empty, if KEY looks as if made by waiter_key() or
// ready_key().
std::optional<std::string> parse_waiter_key(std::string_view key);
std::optional<std::string> parse_ready_key(std::string_view key);

}  // namespace coord::layout
