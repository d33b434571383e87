#include <gtest/gtest.h>

#include "coord/recipe/instance.hpp"

namespace coord::recipe {
namespace {

using layout::ServiceKind;
using Metadata = std::map<std::string, std::string>;

Service service(ServiceKind kind) { return {.name = "web", .layout = {.kind = kind}}; }
const Service kGo = service(ServiceKind::endpoints);
const Service kPlain = service(ServiceKind::plain);
const Service kJson = service(ServiceKind::json);

std::string value(const Service& of, const std::string& address, const Metadata& metadata = {}) {
  const auto text = to_value(of, {.address = address, .metadata = metadata});
  return text ? *text : "error " + std::to_string(static_cast<int>(text.error().code));
}
std::string address(const Service& of, const std::string& text, const std::string& key = "web/x") {
  const auto instance = instance_of(of, {.key = key, .value = text});
  return instance ? instance->address : "";
}
const std::string kUsage = "error " + std::to_string(static_cast<int>(Code::usage));

TEST(InstanceTest, WritesWhatGoWrites) {
  EXPECT_EQ(value(kGo, "a:1"), R"({"Op":0,"Addr":"a:1","Metadata":null})");
  EXPECT_EQ(value(kGo, "a:1", {{"z", "1"}, {"a", "<&>\"\u2028\n"}}),
            R"({"Op":0,"Addr":"a:1","Metadata":{"a":"\u003c\u0026\u003e\"\u2028\n","z":"1"}})");
}

TEST(InstanceTest, WritesTheOtherLayouts) {
  EXPECT_EQ(value(kPlain, "a:1"), "a:1");
  EXPECT_EQ(value(kPlain, "a:1", {{"a", "b"}}), kUsage);
  EXPECT_EQ(value(kJson, "[::1]:80"), R"({"name":"web","host":"::1","port":80})");
  EXPECT_EQ(value(kJson, "a"), kUsage);
  EXPECT_EQ(value(kJson, "a:99999"), kUsage);
}

TEST(InstanceTest, RefusesWhatIsNoAddress) {
  for (const char* bad : {"", "a b", "a\n", "\xff"}) EXPECT_EQ(value(kGo, bad), kUsage) << bad;
}

TEST(InstanceTest, ReadsWhatOthersWrite) {
  EXPECT_EQ(address(kGo, R"({"addr":"a:1","OP":0,"more":[]})"), "a:1");
  for (const char* junk :
       {"", "x", "[]", "{}", R"({"Addr":""})", R"({"Addr":1})", R"({"Addr":"a:1\n6.6.6.6 bank"})"})
    EXPECT_EQ(address(kGo, junk), "") << junk;
  EXPECT_EQ(address(kPlain, "a:1", "/services/web/a:1"), "a:1");
  EXPECT_EQ(address(kPlain, "", "/services/web/a:1"), "");
  EXPECT_EQ(address(kJson, R"({"name":"web","host":"h","port":"80"})"), "h:80");
  EXPECT_EQ(address(kJson, R"({"name":"web","host":"::1","port":80})"), "[::1]:80");
  EXPECT_EQ(address(kJson, R"({"name":"db","host":"h","port":80})"), "");
}

TEST(InstanceTest, MetadataOfAnyShapeIsText) {
  const auto metadata = [](const std::string& json) {
    return instance_of(kGo, {.value = R"({"Addr":"a","Metadata":)" + json + "}"})->metadata;
  };
  EXPECT_EQ(metadata("null"), Metadata{});
  EXPECT_EQ(metadata(R"({"a":"b","n":1})"), (Metadata{{"a", "b"}, {"n", "1"}}));
  EXPECT_EQ(metadata(R"("zone a")"), (Metadata{{"metadata", "zone a"}}));
}

TEST(InstanceTest, SplitsHostAndPort) {
  EXPECT_EQ(split_address("a:1")->host, "a");
  EXPECT_EQ(split_address("[::1]:80")->host, "::1");
  EXPECT_EQ(split_address("[::1]:80")->port, 80);
  for (const char* bad : {"", "a", "a:", "::1", "a:x", "a:1x", "a:70000", "a:-1"})
    EXPECT_FALSE(split_address(bad)) << bad;
}

}  // namespace
}  // namespace coord::recipe
