// The lines of an export, read again.
#include <gtest/gtest.h>

#include "cmd/commands/keys/import_lines.hpp"

namespace coord::commands {
namespace {

std::string error_of(const std::string& line) {
  const auto parsed = parse_import_line(line);
  if (parsed) return "no error";
  EXPECT_EQ(parsed.error().code, Code::bad_data);
  return parsed.error().message;
}

TEST(ImportLines, KeysAndValuesAsTextOrAsBase64) {
  const auto text = parse_import_line(R"({"key":"a","value":"é\u0000","revision":3})");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->key, "a");
  EXPECT_EQ(text->value, std::string("é\0", 3));
  EXPECT_FALSE(text->leased);
  const auto bytes = parse_import_line(
      R"({"key":"\ufffd","key_b64":"/w==","value":"","value_b64":"AP8=","lease":"ff"})");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->key, "\xff");
  EXPECT_EQ(bytes->value, std::string("\0\xff", 2));
  EXPECT_TRUE(bytes->leased);
}

TEST(ImportLines, SaysWhatIsWrong) {
  EXPECT_EQ(error_of("{"), "it is no JSON object");
  EXPECT_EQ(error_of("[]"), "it is no JSON object");
  EXPECT_EQ(error_of(R"({"value":"v"})"), "it has no 'key'");
  EXPECT_EQ(error_of(R"({"key":"k"})"), "it has no 'value'");
  EXPECT_EQ(error_of(R"({"key":1,"value":"v"})"), "'key' is no string");
  EXPECT_EQ(error_of(R"({"key":"","value":"v"})"), "its key is empty");
  EXPECT_EQ(error_of(R"({"key_b64":"!","value":"v"})"), "'key_b64' is no base64");
}

}  // namespace
}  // namespace coord::commands
