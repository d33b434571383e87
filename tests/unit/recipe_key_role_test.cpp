// What a key is for, by its name, lease and value.
#include <gtest/gtest.h>

#include "coord/base/layout.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/key_role.hpp"

namespace coord::recipe {
namespace {

using Kind = KeyRole::Kind;

KeyRole role(std::string key, std::int64_t lease = 0, std::string value = "") {
  return key_role({.key = std::move(key), .value = std::move(value), .lease = lease});
}

TEST(KeyRole, OfLocksElectionsAndRwlocks) {
  EXPECT_EQ(role(layout::lock_key("a/db", 0x1234), 0x1234), (KeyRole{Kind::contender, "a/db"}));
  EXPECT_EQ(role("a/db/1234", 0x1235).kind, Kind::plain);
  EXPECT_EQ(role("a/db/1234").kind, Kind::plain);
  const auto reader = layout::rwlock_key("db", layout::Access::read, 1795266792240613815);
  EXPECT_EQ(role(reader, 7), (KeyRole{Kind::contender, "db", true}));
}

TEST(KeyRole, OfWhatCoordKeepsForItself) {
  EXPECT_EQ(role(layout::session_key(255), 255), (KeyRole{Kind::session, "ff"}));
  EXPECT_EQ(role("ns/" + layout::session_key(255), 255), (KeyRole{Kind::session, "ff"}));
  EXPECT_EQ(role(layout::holder_key("web/ff"), 255), (KeyRole{Kind::candidate_holder, "web"}));
  EXPECT_EQ(role("ns/" + layout::holder_key("web/ff"), 255),
            (KeyRole{Kind::candidate_holder, "ns/web"}));
}

TEST(KeyRole, OfQueues) {
  const std::string digits = layout::unique_digits();
  EXPECT_EQ(role(layout::fifo_item("a/jobs", digits)), (KeyRole{Kind::queue_item, "a/jobs"}));
  EXPECT_EQ(role(layout::with_attempts(layout::fifo_item("jobs", digits), 2)).kind,
            Kind::queue_item);
  EXPECT_EQ(role(layout::priority_item("jobs", 5, 3)), (KeyRole{Kind::queue_item, "jobs"}));
  EXPECT_EQ(role(layout::claim_key("jobs", 255, layout::fifo_item("jobs", digits)), 255),
            (KeyRole{Kind::queue_claim, "jobs"}));
  EXPECT_EQ(role(layout::alive_key("jobs", 255), 255), (KeyRole{Kind::queue_consumer, "jobs"}));
  EXPECT_EQ(role(layout::producer_key("jobs", digits)), (KeyRole{Kind::queue_producer, "jobs"}));
  EXPECT_EQ(role(layout::priority_bookkeeping("jobs", 5)),
            (KeyRole{Kind::queue_bookkeeping, "jobs"}));
  EXPECT_EQ(role("jobs/12").kind, Kind::plain);
}

TEST(KeyRole, OfBarriers) {
  EXPECT_EQ(role(layout::waiter_key("build", 1795266792240613815), 7),
            (KeyRole{Kind::double_barrier_waiter, "build"}));
  // Without a lease, which both Go's program and ours put: it must outlive whoever puts it.
  EXPECT_EQ(role(layout::ready_key("build")), (KeyRole{Kind::double_barrier_ready, "build"}));
  EXPECT_EQ(role("build/ready", 7).kind, Kind::plain);
  EXPECT_EQ(role("build/ready", 0, "yes").kind, Kind::plain);
  EXPECT_EQ(role("/ready").kind, Kind::plain);
  HolderInfo info{.host = "h", .user = "u", .pid = 1};
  std::string value = info.to_json();
  EXPECT_EQ(role("migrated", 0, value).kind, Kind::plain);
  value.insert(value.size() - 1, R"(,"id":"00ff")");
  EXPECT_EQ(role("migrated", 0, value), (KeyRole{Kind::barrier, "migrated"}));
}

TEST(KeyRole, OfServices) {
  EXPECT_EQ(role("web/10.0.0.1:80", 7, R"({"Op":0,"Addr":"10.0.0.1:80","Metadata":null})"),
            (KeyRole{Kind::service_endpoint, "web"}));
  EXPECT_EQ(role("/services/a/web/h:80", 7, "h:80"), (KeyRole{Kind::service_endpoint, "a/web"}));
  EXPECT_EQ(role("/my/web/h:80", 7, "h:80"), (KeyRole{Kind::service_endpoint, "/my/web"}));
  EXPECT_EQ(role("/services/web/h:80", 0, "h:80").kind, Kind::plain);
  EXPECT_EQ(role("/services/web/h:80", 7, "h:81").kind, Kind::plain);
  EXPECT_EQ(role("register/00ff", 7, R"({"name":"web","host":"h","port":80})"),
            (KeyRole{Kind::service_endpoint, "web"}));
  EXPECT_EQ(role("elsewhere/00ff", 7, R"({"name":"web","host":"h","port":80})").kind, Kind::plain);
  EXPECT_EQ(role("register/00ff", 7, R"({"name":7,"host":"h","port":80})").kind, Kind::plain);
}

TEST(KeyRole, OfOddKeysIsPlain) {
  for (const char* key : {"", "/", "//", "__", "__/", "a/", "__coord/", "__coord/holders//info"})
    EXPECT_EQ(role(key).kind, Kind::plain) << key;
}

}  // namespace
}  // namespace coord::recipe
