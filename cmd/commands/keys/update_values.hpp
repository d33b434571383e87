// Values of several keys as one JSON object, for the filter of `update` to change.
//
//   {"a": "text", "b": {"b64": "/wA="}, "c": null}
//
// A value is a string, where it is UTF-8; else an object with the member b64. null: no such key.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::commands {

using Values = std::map<std::string, std::optional<std::string>, std::less<>>;

// One line, in the order of KEYS, which are UTF-8 and all in VALUES.
std::string values_to_json(const std::vector<std::string>& keys, const Values& values);

// Those that the text has. Code::bad_data for what is no such object, and for a key that is not
// among KEYS.
Result<Values> values_from_json(std::string_view text, const std::vector<std::string>& keys);

}  // namespace coord::commands
