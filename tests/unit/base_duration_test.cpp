#include <gtest/gtest.h>

#include "coord/base/duration.hpp"

namespace coord {
namespace {

using namespace std::chrono_literals;

struct Case {
  const char* text;
  Duration span;
};

TEST(ParseDuration, ReadsEveryUnit) {
  const Case cases[] = {{"7ns", 7ns},     {"7us", 7us},     {"7µs", 7us},   {"500ms", 500ms},
                        {"30s", 30s},     {"5m", 5min},     {"2h", 2h},     {"2d", 48h},
                        {"1.5h", 90min},  {"0.25s", 250ms}, {"1m30s", 90s}, {"0s", 0s},
                        {"1h2m3s", 3723s}};
  for (const Case& c : cases) {
    const auto span = parse_duration(c.text);
    ASSERT_TRUE(span) << c.text;
    EXPECT_EQ(*span, c.span) << c.text;
  }
}

TEST(ParseDuration, TakesABareNumberAsSeconds) {
  EXPECT_EQ(parse_duration("15").value(), 15s);
  EXPECT_EQ(parse_duration("0").value(), 0s);
  EXPECT_EQ(parse_duration("1.5").value(), 1500ms);
}

TEST(ParseDuration, RefusesWhatIsNoDurationAndQuotesIt) {
  for (const char* text : {"", " ", "s", "-1s", "+1s", "1x", "1m30", "10 s", " 10s", "10s ", "1e3s",
                           "1..5s", "nan", "inf", "0x10s", "1s-2s", "."}) {
    const auto span = parse_duration(text);
    ASSERT_FALSE(span) << text;
    EXPECT_EQ(span.error().code, Code::usage) << text;
    EXPECT_NE(span.error().message.find('\'' + std::string(text) + '\''), std::string::npos);
  }
}

TEST(ParseDuration, EndsAtAHundredYears) {
  EXPECT_EQ(parse_duration("36500d").value(), 24h * 36500);
  EXPECT_FALSE(parse_duration("36501d"));
  EXPECT_FALSE(parse_duration("99999999999999999999"));
}

TEST(FormatDuration, IsTheShortestTextOfWholeMilliseconds) {
  const Case cases[] = {{"0s", 0s},      {"1ms", 1ms},         {"500ms", 500ms},
                        {"30s", 30s},    {"1.5s", 1500ms},     {"1m", 60s},
                        {"1m30s", 90s},  {"2h", 2h},           {"1d", 24h},
                        {"1h1s", 3601s}, {"1m0.25s", 60250ms}, {"1.5s", 1500ms + 7us}};
  for (const Case& c : cases) EXPECT_EQ(format_duration(c.span), c.text);
}

TEST(FormatDuration, IsReadBackAsTheSameSpan) {
  for (const Duration span : {1ms, 999ms, 1000ms, 61001ms, 86399999ms, 86400000ms, 123456789ms}) {
    EXPECT_EQ(parse_duration(format_duration(span)).value(), span) << format_duration(span);
  }
}

TEST(FormatAge, HasAtMostTwoUnits) {
  const Case cases[] = {{"0s", 0s},         {"45s", 45s},  {"59s", 59999ms}, {"3m12s", 192s},
                        {"23h59m", 86399s}, {"2d4h", 52h}, {"0s", -5s}};
  for (const Case& c : cases) EXPECT_EQ(format_age(c.span), c.text);
}

}  // namespace
}  // namespace coord
