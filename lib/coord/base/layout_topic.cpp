#include "coord/base/layout_topic.hpp"

#include <fmt/format.h>

#include "coord/base/layout_shapes.hpp"

namespace coord::layout {

std::string topic_prefix(std::string_view topic) { return std::string(topic) + '/'; }

std::string message_key(std::string_view topic, std::string_view digits, std::size_t index) {
  return fmt::format("{}/{}-{:03}", topic, digits, index);
}

bool is_message_key(std::string_view key) {
  constexpr std::size_t kDigits = 25;
  constexpr std::size_t kIndex = 3;
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  const std::string_view id = key.substr(slash + 1);
  if (id.size() != kDigits + 1 + kIndex || id[kDigits] != '-') return false;
  return is_digits(id.substr(0, kDigits)) && is_digits(id.substr(kDigits + 1));
}

std::string position_key(std::string_view topic, std::string_view name) {
  return fmt::format("__{}/positions/{}", topic, name);
}

std::string subscriber_lock(std::string_view topic, std::string_view name) {
  return fmt::format("__{}/subscribers/{}", topic, name);
}

}  // namespace coord::layout
