// The bytes are those that etcdctl 3.5 prints with -w protobuf.
#include <gtest/gtest.h>

#include "coord/base/bytes.hpp"
#include "coord/etcd/wire.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::etcd {
namespace {

const Header kHeader{185, 2, 1573, 2};
const KeyValue kFoo{"foo", "bar", 5, 7, 3, 0};

TEST(Wire, OfAPutIsItsHeader) {
  EXPECT_EQ(hex(wire(PutReply{kHeader, std::nullopt})), "0a0a08b901100218a50c2002");
}

TEST(Wire, OfARangeMayComeInPieces) {
  const RangeReply whole{kHeader, {kFoo, kFoo}, true, 3};
  const std::string pieces = wire(RangeReply{kHeader, {kFoo}, false, 0}) +
                             wire(RangeReply{{}, {kFoo}, false, 0}) +
                             wire(RangeReply{{}, {}, true, 3});
  EXPECT_EQ(wire(whole), pieces);
  EXPECT_EQ(hex(wire(RangeReply{{}, {}, true, 3})), "18012003");
}

TEST(Wire, OfATransactionHasAReplyForEachRequest) {
  TxnReply reply;
  reply.succeeded = true;
  reply.replies = {PutReply{{0, 0, 9, 0}, std::nullopt}, DeleteReply{{0, 0, 9, 0}, 1, {}}};
  EXPECT_EQ(hex(wire(reply)),
            "10011a06"
            "12040a021809"
            "1a08"
            "1a060a0218091001");
}

TEST(Wire, OfAWatchHasItsEvents) {
  WatchReply reply;
  reply.events = {{Event::Type::remove, {"k", "", 0, 4, 0, 0}, std::nullopt}};
  EXPECT_EQ(hex(wire(reply)),
            "5a09"
            "0801"
            "12050a016b1804");
  reply.events.clear();
  reply.kind = WatchReply::Kind::compacted;
  reply.compact_revision = 5;
  EXPECT_EQ(hex(wire(reply)), "20012805");
}

TEST(Wire, OfLeases) {
  using std::chrono::seconds;
  EXPECT_EQ(hex(wire(LeaseGrant{{}, 16, seconds{60}, {}})), "1010183c");
  EXPECT_EQ(hex(wire(LeaseTimeToLive{{}, 16, seconds{-1}, seconds{0}, {"k"}})),
            "101018ffffffffffffffffff012a016b");
  EXPECT_EQ(hex(wire(LeaseList{{}, {1, 2}})),
            "120208011202"
            "0802");
  EXPECT_EQ(hex(wire(Header{0, 0, 3, 0})), "0a021803");
}

TEST(Wire, OfMembers) {
  const Member member{1, "a", {"p"}, {"c"}, true};
  EXPECT_EQ(hex(wire(MemberList{{0, 0, 3, 0}, {member}})),
            "0a021803120d0801120161"
            "1a0170220163"
            "2801");
  EXPECT_EQ(hex(wire(MemberAdd{{}, {2, "", {"q"}, {}, false}, {member}})),
            "120508021a0171"
            "1a0d0801120161"
            "1a0170220163"
            "2801");
}

TEST(Wire, OfAlarmsMayLackAHeader) {
  EXPECT_EQ(hex(wire(AlarmList{std::nullopt, {{5, Alarm::no_space}}})), "120408051001");
  EXPECT_EQ(hex(wire(AlarmList{Header{0, 0, 3, 0}, {}})), "0a021803");
}

TEST(Wire, OfUsersAndRoles) {
  EXPECT_EQ(hex(wire(AuthStatus{{}, true, 9})), "10011809");
  EXPECT_EQ(hex(wire(Names{{0, 0, 3, 0}, {"r", "s"}})), "0a021803120172120173");
  const std::string zero(1, '\0');
  EXPECT_EQ(
      hex(wire(RolePermissions{
          {}, {{Permission::Type::readwrite, "k", zero}, {Permission::Type::read, "q", ""}}})),
      "120808021201"
      "6b1a0100"
      "1203120171");
  EXPECT_EQ(hex(wire(DowngradeReply{{}, "3.5"})), "1203332e35");
}

}  // namespace
}  // namespace coord::etcd
