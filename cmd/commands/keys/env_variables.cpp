#include "cmd/commands/keys/env_variables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

// Not those of ctype.h: a locale has no say in it.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }

char in_name(char c, bool upper) {
  if (!is_alphanumeric(c)) return '_';
  return upper && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

Result<> check_value(const std::string& name, const etcd::KeyValue& kv) {
  const auto refuse = [&](const std::string& why) {
    return fail(Code::bad_data, fmt::format("the value of {} {}", in_quotes(kv.key), why));
  };
  if (kv.value.contains('\0')) return refuse("holds a NUL, which no environment can");
  if (name.size() + 1 + kv.value.size() >= run::kLongestVariable)
    return refuse("is too long for an environment (128 KiB)");
  return {};
}

}  // namespace

Result<std::string> env_folder(const std::string& prefix) {
  if (prefix.empty()) return fail(Code::usage, "PREFIX is empty: every key would be a variable");
  return is_alphanumeric(prefix.back()) ? prefix + '/' : prefix;
}

std::string variable_of(const std::string& key, const std::string& prefix, bool upper) {
  std::string name = key.substr(prefix.size());
  std::ranges::transform(name, name.begin(), [upper](char c) { return in_name(c, upper); });
  return !name.empty() && is_digit(name.front()) ? '_' + name : name;
}

Result<run::Variables> env_variables(const std::map<std::string, etcd::KeyValue>& keys,
                                     const std::string& prefix, bool upper) {
  std::map<std::string, const etcd::KeyValue*> by_name;
  for (const auto& [key, kv] : keys) {
    const std::string name = variable_of(key, prefix, upper);
    if (name.empty()) continue;
    COORD_TRY(check_value(name, kv));
    const auto [known, is_new] = by_name.emplace(name, &kv);
    if (!is_new) {
      return fail(Code::bad_data, fmt::format("{} and {} would both be {}",
                                              in_quotes(known->second->key), in_quotes(key), name));
    }
  }
  run::Variables variables;
  for (const auto& [name, kv] : by_name) variables.emplace_back(name, kv->value);
  return variables;
}

}  // namespace coord::commands
