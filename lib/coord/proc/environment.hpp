// Environment: the variables for a child, as a value. The process's own environment is neither read
// nor changed.
//
// Entries keep their order; a variable that is set replaces every inherited one of its name, so
// that a nested coord sees the inner lock and not the outer one. Not for several threads at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coord::proc {

class Environment {
 public:
  Environment() = default;

  // From "NAME=VALUE" strings ended by a null pointer, as main() gets them. Entries without "=" are
  // kept as they are.
  explicit Environment(const char* const* entries);

  // NAME is not empty and holds no "="; a value ends at its first NUL, because exec() cannot carry
  // more.
  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);

  // The value that a program would see: the first of that name.
  std::optional<std::string> get(std::string_view name) const;

  const std::vector<std::string>& list() const { return entries_; }

 private:
  std::vector<std::string> entries_;
};

}  // namespace coord::proc
