#include "coord/recipe/holder_info.hpp"

#include <nlohmann/json.hpp>

namespace coord::recipe {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

std::string HolderInfo::to_json() const {
  Json json{{"host", host}, {"user", user}, {"pid", pid}, {"program", program}, {"since", since}};
  if (!note.empty()) json["note"] = note;
  if (slots > 0) {
    json["slots"] = slots;
    json["weight"] = weight;
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<HolderInfo> HolderInfo::from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("host") || !json.contains("pid")) return std::nullopt;
  return HolderInfo{text_of(json, "host"),    text_of(json, "user"),    number_of(json, "pid"),
                    text_of(json, "program"), text_of(json, "since"),   text_of(json, "note"),
                    number_of(json, "slots"), number_of(json, "weight")};
}

}  // namespace coord::recipe
