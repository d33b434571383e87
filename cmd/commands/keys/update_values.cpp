#include "cmd/commands/keys/update_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::optional<std::string>& value) {
  if (!value) return nullptr;
  return is_utf8(*value) ? Json(*value) : Json{{"b64", base64(*value)}};
}

std::unexpected<Error> unusable(const std::string& key, const char* what) {
  return fail(Code::bad_data,
              fmt::format("FILTER's value of {} is no string ({})", in_quotes(key), what),
              R"(a value is "text", {"b64": "base64"}, or null to delete the key)");
}

Result<std::optional<std::string>> from_json(const std::string& key, const Json& json) {
  if (json.is_null()) return std::nullopt;
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_object()) return unusable(key, json.type_name());
  const auto coded = json.find("b64");
  if (json.size() != 1 || coded == json.end() || !coded->is_string())
    return unusable(key, "object");
  if (auto bytes = unbase64(coded->get<std::string>())) return bytes;
  return unusable(key, "no base64");
}

}  // namespace

std::string values_to_json(const std::vector<std::string>& keys, const Values& values) {
  Json object = Json::object();
  for (const std::string& key : keys) object[key] = to_json(values.at(key));
  return object.dump() + '\n';
}

Result<Values> values_from_json(std::string_view text, const std::vector<std::string>& keys) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object())
    return fail(Code::bad_data, "FILTER's output is no JSON object",
                R"(it gets and gives one such as {"a": "1", "b": "2"})");
  Values values;
  for (const auto& [key, json] : object.items()) {
    if (std::ranges::find(keys, key) == keys.end()) {
      return fail(
          Code::bad_data,
          fmt::format("FILTER's output has the key {}, which was not given", in_quotes(key)),
          "name every key with -k");
    }
    COORD_TRY_INTO(values[key], from_json(key, json));
  }
  return values;
}

}  // namespace coord::commands
