// A queue in a fake etcd, with a producer and consumers.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "coord/base/layout.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/backlog.hpp"
#include "coord/recipe/queue_claim.hpp"
#include "coord/recipe/queue_producer.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

using Strings = std::vector<std::string>;

class QueueTest : public testing::Test {
 protected:
  QueueTest() : client_(fake::client_of(server_)) {}

  struct Worker {
    explicit Worker(const fake::FakeEtcd& server, const QueueName& queue)
        : client(fake::client_of(server)) {
      auto opened = etcd::Session::open(*client, soon(), 60s);
      if (!opened) throw std::runtime_error(why(opened));
      session = *std::move(opened);
      backlog.emplace(*client, queue, 64, 3);
      consumer.emplace(*client, session->lease(), queue, HolderInfo{.host = "h", .pid = 1});
    }
    // What is there, without waiting.
    std::vector<ClaimedItem> take(std::size_t most = 1) {
      while (backlog->await(soon(), false)) {
        auto taken = consumer->claim(soon(), backlog->items(), most);
        EXPECT_TRUE(taken) << why(taken);
        if (!taken || !taken->empty()) return taken.value_or(std::vector<ClaimedItem>{});
      }
      return {};
    }
    std::unique_ptr<etcd::Client> client;
    std::unique_ptr<etcd::Session> session;
    std::optional<Backlog> backlog;
    std::optional<QueueConsumer> consumer;
  };

  void put(const Strings& items, std::optional<std::uint16_t> priority = {}) {
    QueueProducer producer(*client_, queue_.name, priority);
    std::vector<Written> done;
    const auto put = producer.put(soon(), items, done);
    ASSERT_TRUE(put) << why(put);
    EXPECT_EQ(done.size(), items.size());
    ASSERT_TRUE(producer.close(soon()));
  }
  Strings waiting() {
    Strings values;
    QueuePages pages(*client_, queue_, QueuePages::Read::in_order);
    for (;;) {
      const auto page = pages.next(soon());
      if (!page || !*page) return values;
      for (const QueueItem& item : (*page)->items) values.push_back(item.value);
    }
  }
  static Strings values(const std::vector<ClaimedItem>& items) {
    Strings all;
    for (const ClaimedItem& item : items) all.push_back(item.value);
    return all;
  }
  static Strings numbered(int count) {
    Strings all;
    for (int i = 0; i < count; ++i) all.push_back("item " + std::to_string(i));
    return all;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_;
  QueueName queue_{"q", layout::QueueKind::fifo};
};

}  // namespace coord::recipe
