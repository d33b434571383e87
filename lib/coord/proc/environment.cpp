#include "coord/proc/environment.hpp"

#include <algorithm>

namespace coord::proc {
namespace {

bool is_called(std::string_view entry, std::string_view name) {
  return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
}

}  // namespace

Environment::Environment(const char* const* entries) {
  for (; entries != nullptr && *entries != nullptr; ++entries) entries_.emplace_back(*entries);
}

void Environment::set(std::string_view name, std::string_view value) {
  unset(name);
  std::string entry(name);
  entry += '=';
  entry += value.substr(0, value.find('\0'));
  entries_.push_back(std::move(entry));
}

void Environment::unset(std::string_view name) {
  std::erase_if(entries_, [name](const std::string& entry) { return is_called(entry, name); });
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = std::ranges::find_if(
      entries_, [name](const std::string& entry) { return is_called(entry, name); });
  if (found == entries_.end()) return std::nullopt;
  return found->substr(name.size() + 1);
}

}  // namespace coord::proc
