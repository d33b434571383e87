// The JSON object of `update` with several keys.
#include <gtest/gtest.h>

#include "cmd/commands/keys/update_values.hpp"

namespace coord::commands {
namespace {

using Keys = std::vector<std::string>;

TEST(UpdateValues, StandInJsonAndComeBack) {
  const Keys keys{"text", "none", "bytes", "nul", "empty"};
  const Values values{{"text", "a\"\n\u00e9"},
                      {"none", std::nullopt},
                      {"bytes", "\xff\x00x"},
                      {"nul", std::string(1, '\0')},
                      {"empty", ""}};
  const std::string json = values_to_json(keys, values);
  EXPECT_EQ(json,
            "{\"text\":\"a\\\"\\n\u00e9\",\"none\":null,\"bytes\":{\"b64\":\"/w==\"},"
            "\"nul\":\"\\u0000\",\"empty\":\"\"}\n");
  EXPECT_EQ(values_from_json(json, keys), values);
}

TEST(UpdateValues, OnlyWhatIsThereIsTaken) {
  EXPECT_EQ(values_from_json("{}", {"a"}), Values{});
  EXPECT_EQ(values_from_json(R"( {"a": null} )", {"a", "b"}), (Values{{"a", std::nullopt}}));
}

TEST(UpdateValues, SayWhatIsWrong) {
  const auto refusal = [](const char* text) {
    const auto values = values_from_json(text, {"a"});
    return values ? "no error" : values.error().message;
  };
  for (const char* text : {"", "x", "[]", "\"a\"", "{\"a\":\"1\"} x", "{\"a\":\"\xff\"}"})
    EXPECT_EQ(refusal(text), "FILTER's output is no JSON object");
  EXPECT_EQ(refusal(R"({"b": "1"})"), "FILTER's output has the key 'b', which was not given");
  EXPECT_EQ(refusal(R"({"a": 1})"), "FILTER's value of 'a' is no string (number)");
  EXPECT_EQ(refusal(R"({"a": ["1"]})"), "FILTER's value of 'a' is no string (array)");
  EXPECT_EQ(refusal(R"({"a": {}})"), "FILTER's value of 'a' is no string (object)");
  EXPECT_EQ(refusal(R"({"a": {"b64": "/w=="  , "x": 1}})"),
            "FILTER's value of 'a' is no string (object)");
  EXPECT_EQ(refusal(R"({"a": {"b64": "?"}})"), "FILTER's value of 'a' is no string (no base64)");
}

}  // namespace
}  // namespace coord::commands
