#include "cmd/commands/keys/txn_compare.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "cmd/commands/keys/txn_words.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

using etcd::CompareResult;
using etcd::CompareTarget;

constexpr const char* kShape = R"(a comparison looks so: mod("key") > "0")";

std::unexpected<Error> malformed(const std::string& what, const char* hint = kShape) {
  return fail(Code::bad_data, what, hint);
}

Result<CompareTarget> target_of(std::string_view name) {
  constexpr auto kTargets = std::to_array<std::pair<std::string_view, CompareTarget>>(
      {{"version", CompareTarget::version},
       {"ver", CompareTarget::version},
       {"create", CompareTarget::create},
       {"c", CompareTarget::create},
       {"mod", CompareTarget::mod},
       {"m", CompareTarget::mod},
       {"value", CompareTarget::value},
       {"val", CompareTarget::value},
       {"lease", CompareTarget::lease}});
  for (const auto& [known, target] : kTargets) {
    if (known == name) return target;
  }
  return malformed(fmt::format("{} cannot be compared", in_quotes(name)),
                   "compared are version, create, mod, value and lease");
}

Result<CompareResult> take_operator(std::string_view& text) {
  constexpr auto kOperators =
      std::to_array<std::pair<std::string_view, CompareResult>>({{"!=", CompareResult::not_equal},
                                                                 {"=", CompareResult::equal},
                                                                 {"<", CompareResult::less},
                                                                 {">", CompareResult::greater}});
  for (const auto& [sign, result] : kOperators) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    // "<=", "==" and the like are not there.
    if (text.find_first_of("=<>!") != 0) return result;
    break;
  }
  return malformed("the operator is none of = != < >");
}

Result<std::string> take_string(std::string_view& text, const char* what) {
  text = trimmed(text);
  if (text.empty()) return malformed(fmt::format("the {} is missing", what));
  if (text.front() != '"' && text.front() != '`')
    return malformed(fmt::format("the {} must stand in double quotes", what));
  return take_quoted(text);
}

Result<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const bool plus = text.starts_with('+');
  const char* const begin = text.data() + (plus ? 1 : 0);
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(begin, end, value);
  if (read.ec == std::errc{} && read.ptr == end && !text.starts_with("+-")) return value;
  return malformed(fmt::format("{} is not a whole number", in_quotes(text)));
}

Result<> set_value(etcd::Compare& compare, std::string text) {
  if (compare.target == CompareTarget::value) {
    compare.value = std::move(text);
  } else if (compare.target == CompareTarget::lease) {
    const auto lease = layout::parse_lease(text);
    if (!lease) return malformed(fmt::format("{} is not a lease id", in_quotes(text)));
    compare.number = *lease;
  } else {
    COORD_TRY_INTO(compare.number, number(text));
  }
  return {};
}

}  // namespace

Result<etcd::Compare> parse_compare(std::string_view line) {
  const auto open = line.find('(');
  if (open == std::string_view::npos)
    return malformed(fmt::format("no comparison: {}", in_quotes(line)));
  etcd::Compare compare;
  COORD_TRY_INTO(compare.target, target_of(trimmed(line.substr(0, open))));
  std::string_view rest = line.substr(open + 1);
  COORD_TRY_INTO(compare.key, take_string(rest, "key"));
  rest = trimmed(rest);
  if (!rest.starts_with(')')) return malformed("no ) behind the key");
  rest = trimmed(rest.substr(1));
  COORD_TRY_INTO(compare.result, take_operator(rest));
  COORD_TRY_INTO(std::string value, take_string(rest, "value"));
  rest = trimmed(rest);
  if (!rest.empty()) return malformed(fmt::format("surplus behind the value: {}", in_quotes(rest)));
  COORD_TRY(set_value(compare, std::move(value)));
  return compare;
}

}  // namespace coord::commands
