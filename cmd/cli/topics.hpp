// Topics: what `coord help` can explain besides commands. One table.
#pragma once

#include <span>
#include <string_view>

namespace coord::cli {

struct Topic {
  std::string_view name;
  std::string_view summary;  // for the list of topics
  std::string_view text;     // whole lines
};

std::span<const Topic> topics();
const Topic* find_topic(std::string_view name);  // null: there is none

}  // namespace coord::cli
