#include <gtest/gtest.h>

#include "cmd/commands/cluster/make_mirror.hpp"
#include "cmd/commands/cluster/role_records.hpp"
#include "cmd/commands/shared/admin_words.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

TEST(AdminWordsTest, SizesAreWrittenAsEtcdctlWritesThem) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(9), "9 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1000), "1.0 kB");
  EXPECT_EQ(bytes_text(20480), "20 kB");
  EXPECT_EQ(bytes_text(84492288), "84 MB");
  EXPECT_EQ(bytes_text(2147483648), "2.1 GB");
  EXPECT_EQ(bytes_text(INT64_MAX), "9.2 EB");
}

TEST(AdminWordsTest, TimesAreWrittenAsGoWritesThem) {
  EXPECT_EQ(took_text(0ns), "0s");
  EXPECT_EQ(took_text(999ns), "999ns");
  EXPECT_EQ(took_text(1500ns), "1.5µs");
  EXPECT_EQ(took_text(1742544ns), "1.742544ms");
  EXPECT_EQ(took_text(12ms), "12ms");
  EXPECT_EQ(took_text(1001ms), "1.001s");
  EXPECT_EQ(took_text(65500ms), "1m5.5s");
  EXPECT_EQ(took_text(3h + 2s), "3h0m2s");
}

TEST(AdminWordsTest, IdsAreHex) {
  EXPECT_EQ(*parse_member_id("ee67c3ed8a8502b3"), 0xee67c3ed8a8502b3);
  EXPECT_EQ(padded_id_text(0xabc), "             abc");
  for (const char* bad : {"", "zz", "12 ", "0x12", "-1", "10000000000000000"})
    EXPECT_EQ(parse_member_id(bad).error().code, Code::usage) << bad;
}

TEST(AdminWordsTest, RangesOfPermissionsAreWrittenAsEtcdctlWritesThem) {
  etcd::RolePermissions role;
  using Type = etcd::Permission::Type;
  role.permissions = {{Type::read, "k", ""},
                      {Type::readwrite, "a", "b"},
                      {Type::write, "a", "c"},
                      {Type::write, "z", std::string(1, '\0')}};
  std::string text;
  for (const out::Line& line : role_record("r", role).lines) text += line.data + '|';
  EXPECT_EQ(text,
            "Role r|KV Read:|\tk|\t[a, b) (prefix a)|KV Write:|\t[a, b) (prefix a)|\t[a, c)|"
            "\t[z, <open ended>|");
}

TEST(MakeMirrorTest, TheDestinationHasAConnectionOfItsOwn) {
  etcd::Options source;
  source.name_space = "ns/";
  source.user = "alice";
  source.password = "secret";
  source.tls.ca_file = "ca.crt";
  const auto plain = destination_of({.destination = "b:1"}, source);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->endpoints, std::vector<std::string>{"b:1"});
  EXPECT_TRUE(plain->name_space.empty());
  EXPECT_TRUE(plain->user.empty());
  EXPECT_TRUE(plain->password.empty());
  EXPECT_FALSE(plain->tls.any());
  const auto login = destination_of({.destination = "b:1", .user = "bob:b:b"}, source);
  EXPECT_EQ(login->user, "bob");
  EXPECT_EQ(login->password, "b:b");
  const auto apart =
      destination_of({.destination = "b:1", .user = "bob:b", .password = "p"}, source);
  EXPECT_EQ(apart->user, "bob:b");
}

}  // namespace
}  // namespace coord::commands
