#include "cmd/commands/keys/import_lines.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using Json = nlohmann::json;

Result<std::string> bytes_of(const Json& object, const std::string& name) {
  if (const auto coded = object.find(name + "_b64"); coded != object.end()) {
    auto bytes = coded->is_string() ? unbase64(coded->get<std::string>()) : std::nullopt;
    if (bytes) return *std::move(bytes);
    return fail(Code::bad_data, fmt::format("'{}_b64' is no base64", name));
  }
  const auto text = object.find(name);
  if (text == object.end()) return fail(Code::bad_data, fmt::format("it has no '{}'", name));
  if (text->is_string()) return text->get<std::string>();
  return fail(Code::bad_data, fmt::format("'{}' is no string", name));
}

}  // namespace

Result<ImportLine> parse_import_line(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object())
    return fail(Code::bad_data, "it is no JSON object",
                R"(a line is {"key":"…","value":"…"}, as 'coord export' writes it)");
  ImportLine parsed;
  COORD_TRY_INTO(parsed.key, bytes_of(object, "key"));
  if (parsed.key.empty()) return fail(Code::bad_data, "its key is empty");
  COORD_TRY_INTO(parsed.value, bytes_of(object, "value"));
  parsed.leased = object.contains("lease");
  return parsed;
}

}  // namespace coord::commands
