#include "coord/recipe/holder_info.hpp"

#include <nlohmann/json.hpp>

namespace coord::recipe {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

std::string HolderInfo::to_json() const {
  Json json{{"host", host}, {"user", user}, {"pid", pid}, {"program", program}, {"since", since}};
  if (!note.empty()) json["note"] = note;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<HolderInfo> HolderInfo::from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("host") || !json.contains("pid")) return std::nullopt;
  const Json& pid = json["pid"];
  return HolderInfo{text_of(json, "host"),
                    text_of(json, "user"),
                    pid.is_number_integer() ? pid.get<std::int64_t>() : 0,
                    text_of(json, "program"),
                    text_of(json, "since"),
                    text_of(json, "note")};
}

}  // namespace coord::recipe
