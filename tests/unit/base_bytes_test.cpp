#include <gtest/gtest.h>

#include <utility>

#include "coord/base/bytes.hpp"

namespace coord {
namespace {

using namespace std::string_literals;

const std::string kEveryByte = [] {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
}();

TEST(PrefixEnd, IsTheFirstKeyBehindThePrefix) {
  EXPECT_EQ(prefix_end("a"), "b");
  EXPECT_EQ(prefix_end("foo/"), "foo0");
  EXPECT_EQ(prefix_end("a\xff"), "b");
  EXPECT_EQ(prefix_end("a\xff\xff"), "b");
  EXPECT_EQ(prefix_end("\x7f"), "\x80");
  EXPECT_EQ(prefix_end("a\0"s), "a\1"s);
}

TEST(PrefixEnd, IsTheEndOfTheStoreWhereThereIsNone) {
  EXPECT_EQ(prefix_end(""), "\0"s);
  EXPECT_EQ(prefix_end("\xff\xff"), "\0"s);
}

TEST(Base64, KnowsTheExamplesOfItsSpecification) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("\xfb\xff"), "+/8=");
}

TEST(Base64, BringsBackEveryByte) { EXPECT_EQ(unbase64(base64(kEveryByte)), kEveryByte); }

TEST(Base64, ReadsNothingButWhatItWrites) {
  for (const char* text : {"Zg", "Zg=", "Z", "Zg===", "Zm9v=", "Zg==Zg==", " Zg==", "Zg==\n",
                           "Z g==", "-_8=", "Zg.."}) {
    EXPECT_FALSE(unbase64(text)) << text;
  }
}

TEST(Hex, BringsBackEveryByte) {
  EXPECT_EQ(hex("\0\x0f\xff"s), "000fff");
  EXPECT_EQ(unhex(hex(kEveryByte)), kEveryByte);
  EXPECT_EQ(unhex("0aFf"), "\n\xff");
  EXPECT_EQ(unhex(""), "");
}

TEST(Hex, RefusesWhatIsNoHex) {
  for (const char* text : {"a", "abc", "0x", "g0", " 0", "-1"}) EXPECT_FALSE(unhex(text)) << text;
}

// The right column is what Go 1.19's %q prints.
TEST(GoQuote, WritesWhatGoWrites) {
  const std::pair<std::string, const char*> cases[] = {
      {"", R"("")"},
      {"a b", R"("a b")"},
      {"\"\\'", R"("\"\\'")"},
      {"\a\b\f\n\r\t\v", R"("\a\b\f\n\r\t\v")"},
      {"\0\x01\x1f\x7f"s, R"("\x00\x01\x1f\x7f")"},
      {"é☺😀", R"("é☺😀")"},
      {"\u0080\u00a0\u00ad", R"("\u0080\u00a0\u00ad")"},
      {"\u2028\ufeff\ue000", R"("\u2028\ufeff\ue000")"},
      {"\U0010ffff", R"("\U0010ffff")"},
      {"\xff\xc3(", R"("\xff\xc3(")"},
      {"\xed\xa0\x80", R"("\xed\xa0\x80")"},
      {"\xe2\x98", R"("\xe2\x98")"},
      {"\ufffd", "\"\ufffd\""}};
  for (const auto& [bytes, quoted] : cases) EXPECT_EQ(go_quote(bytes), quoted);
}

TEST(IsUtf8, TakesWellFormedTextOnly) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain\0é☺😀"s));
  EXPECT_TRUE(is_utf8("\xf4\x8f\xbf\xbf"));
  for (const char* bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x98", "\xff", "a\xc3"}) {
    EXPECT_FALSE(is_utf8(bytes)) << hex(bytes);
  }
}

TEST(Printable, KeepsTextAndEscapesWhatATerminalObeys) {
  EXPECT_EQ(printable("say \"é\\☺\""), "say \"é\\☺\"");
  EXPECT_EQ(printable("a\nb\x1b[31m"), R"(a\nb\x1b[31m)");
  EXPECT_EQ(printable("\x9b\xff"), R"(\x9b\xff)");
  EXPECT_EQ(printable("\u009b"), R"(\u009b)");
}

}  // namespace
}  // namespace coord
