// Small conversions of byte strings. Keys and values are arbitrary bytes everywhere in coord, NUL
// included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coord {

// The end of the range that holds every key beginning with PREFIX: the last byte below 0xff plus
// one, the rest cut. For an empty prefix, or one of 0xff only, it is "\0", which etcd reads as "to
// the end".
std::string prefix_end(std::string_view prefix);

std::string base64(std::string_view bytes);                  // standard alphabet, padded
std::optional<std::string> unbase64(std::string_view text);  // strict inverse
std::string hex(std::string_view bytes);                     // lower case, two digits a byte
std::optional<std::string> unhex(std::string_view text);     // either case; odd length is refused
std::string go_quote(std::string_view bytes);                // Go's %q: "…" with \n, \x00, \u2028
bool is_utf8(std::string_view bytes);                        // well-formed, shortest forms only

// What a terminal may be shown: control bytes and broken UTF-8 as \n, \x1b …, everything else as it
// is.
std::string printable(std::string_view bytes);

// A name or key in a message: printable, between single quotes, and cut with "…" past 200 bytes:
// the cause must stay in sight.
std::string in_quotes(std::string_view name);

}  // namespace coord
