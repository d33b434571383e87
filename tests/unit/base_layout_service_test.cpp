#include <gtest/gtest.h>

#include "coord/base/layout_service.hpp"

namespace coord::layout {
namespace {

TEST(LayoutServiceTest, KeysAreThoseOfGoAndOfTheOtherLayouts) {
  EXPECT_EQ(service_prefix({}, "web"), "web/");
  EXPECT_EQ(instance_key({}, "web", "10.0.0.1:80"), "web/10.0.0.1:80");
  const ServiceLayout plain{.kind = ServiceKind::plain};
  EXPECT_EQ(instance_key(plain, "web", "10.0.0.1:80"), "/services/web/10.0.0.1:80");
  const ServiceLayout json{.kind = ServiceKind::json};
  EXPECT_EQ(service_prefix(json, "web"), "register/");
  EXPECT_EQ(instance_key(json, "web", "1.2.3.4:5"), "register/e360eb9c6e67701ce7ef0b5d262fbf16");
}

TEST(LayoutServiceTest, AnEndpointsKeyIsKnownByItsAddress) {
  EXPECT_EQ(parse_endpoint_key("web/10.0.0.1:80"), "web");
  EXPECT_EQ(parse_endpoint_key("a/b/[::1]:80"), "a/b");
  for (const char* key :
       {"web/10.0.0.1", "web/:80", "web/a:b", "/a:1", "a:1", "web/", "", "web/a:1/x"})
    EXPECT_EQ(parse_endpoint_key(key), std::nullopt) << key;
}

TEST(LayoutServiceTest, APlainKeyNamesItsAddress) {
  const ServiceLayout plain{.kind = ServiceKind::plain, .prefix = "p"};
  EXPECT_EQ(plain_address(plain, "web", "/p/web/a:1"), "a:1");
  EXPECT_EQ(plain_address(plain, "web", "/p/web/unix:/x"), "unix:/x");
  EXPECT_EQ(plain_address(plain, "web", "/p/web/"), std::nullopt);
  EXPECT_EQ(plain_address(plain, "web", "/p/webb/a:1"), std::nullopt);
}

}  // namespace
}  // namespace coord::layout
