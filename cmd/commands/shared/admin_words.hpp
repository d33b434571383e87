// How etcdctl writes ids, sizes and times, and in which formats.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/out/format.hpp"
#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::commands {

std::string id_text(std::uint64_t id);  // hex, as a list has it
std::string padded_id_text(
    std::uint64_t id);  // hex, blanks in front up to 16, as a sentence has it
// Code::usage, quoting the text.
Result<std::uint64_t> parse_member_id(const std::string& text);

std::string bytes_text(std::int64_t bytes);  // "20 kB", "2.1 GB"
std::string took_text(Duration span);        // as Go does: "1.742544ms", "1m5.5s"

// A row as a line for people: its cells behind each other.
std::string joined(const out::Cells& cells);
// In fields: an empty line. Other formats do not show it.
out::Field gap();

}  // namespace coord::commands
