// Topics: what `coord help` can explain besides commands. One table; the texts are those of the
// manual, see man/src.
#pragma once

#include <span>
#include <string_view>

namespace coord::cli {

struct Topic {
  std::string_view name;
  std::string_view summary;  // for the list of topics
  std::string_view file;     // under man/src
};

std::span<const Topic> topics();
const Topic* find_topic(std::string_view name);  // null: there is none

// What stands in that file of man/src, for manual_text.hpp.
std::string_view topic_text(std::string_view file);

}  // namespace coord::cli
