// The one grammar of durations that coord reads and writes.
#pragma once

#include <string>
#include <string_view>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord {

// "30s", "1m30s", "500ms", "1.5h", "2d"; a bare number is seconds. Units: ns us µs ms s m h d.
// Negative spans, spans past 100 years, empty text and unknown units are Code::usage; the message
// quotes the text.
Result<Duration> parse_duration(std::string_view text);

// The shortest exact text in the same grammar for whole milliseconds ("1m30s", "1.5s"); smaller
// parts are cut.
std::string format_duration(Duration span);

// For people: "3m12s", "45s", "2d4h"; at most two units, whole seconds from a minute on.
std::string format_age(Duration span);

}  // namespace coord
