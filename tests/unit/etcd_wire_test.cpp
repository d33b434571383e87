// The bytes are those that etcdctl 3.5 prints with -w protobuf.
#include <gtest/gtest.h>

#include "coord/base/bytes.hpp"
#include "coord/etcd/wire.hpp"

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

}  // namespace
}  // namespace coord::etcd
