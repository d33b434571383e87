#include <gtest/gtest.h>

#include "coord/recipe/balancer.hpp"
#include "coord/recipe/registration.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;
using Kind = RegistrationNews::Kind;

class RegistrationTest : public testing::Test {
 protected:
  std::unique_ptr<etcd::Session> session() {
    auto opened = etcd::Session::open(*client_, soon(), 60s);
    if (!opened) throw std::runtime_error(why(opened));
    return *std::move(opened);
  }
  void begin(Rival rival = Rival::refuse) {
    registration_.emplace(*client_, entry_, session(), rival, changed_);
    registration_->list(true);
  }
  bool told(Kind kind) {
    return server_.until([&] {
      for (auto& news : registration_->take_news()) told_.push_back(news.kind);
      return std::erase(told_, kind) > 0;
    });
  }
  bool is_there() { return server_.value(entry_.key) == entry_.value; }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  const Registered entry_{"web/a:1", R"({"Op":0,"Addr":"a:1","Metadata":null})"};
  Notifier changed_;
  std::optional<Registration> registration_;
  std::vector<Kind> told_;
};

TEST_F(RegistrationTest, IsThereUntilItIsClosed) {
  begin();
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
  EXPECT_TRUE(registration_->is_listed());
  ASSERT_TRUE(registration_->close(soon()));
  EXPECT_FALSE(server_.value(entry_.key));
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(RegistrationTest, GoesAndComesAsItIsTold) {
  begin();
  EXPECT_TRUE(told(Kind::listed));
  registration_->list(false);
  EXPECT_TRUE(told(Kind::unlisted));
  EXPECT_FALSE(server_.value(entry_.key));
  registration_->list(true);
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
}

TEST_F(RegistrationTest, ALostLeaseIsReplaced) {
  begin();
  EXPECT_TRUE(told(Kind::listed));
  const auto lease = registration_->lease();
  server_.expire_lease(lease);
  EXPECT_TRUE(told(Kind::gone));
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
  EXPECT_NE(registration_->lease(), lease);
}

TEST_F(RegistrationTest, ADeletedEntryIsPutAgain) {
  begin();
  EXPECT_TRUE(told(Kind::listed));
  server_.remove(entry_.key);
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
}

TEST_F(RegistrationTest, LostRepliesLeaveOneEntry) {
  server_.drop_reply("Txn", 2);
  begin();
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
  server_.drop_reply("Txn", 2);
  registration_->list(false);
  EXPECT_TRUE(told(Kind::unlisted));
  EXPECT_FALSE(server_.value(entry_.key));
}

TEST_F(RegistrationTest, SomebodyElsesIsLeftAloneUntilItGoes) {
  server_.put(entry_.key, "theirs");
  begin();
  EXPECT_TRUE(told(Kind::taken));
  EXPECT_EQ(server_.value(entry_.key), "theirs");
  server_.remove(entry_.key);
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
}

TEST_F(RegistrationTest, TakesOverOnceAndIsTakenOver) {
  server_.put(entry_.key, "theirs");
  begin(Rival::replace);
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
  server_.put(entry_.key, "theirs again");
  EXPECT_TRUE(told(Kind::taken));
  EXPECT_EQ(server_.value(entry_.key), "theirs again");
  EXPECT_FALSE(registration_->is_listed());
  ASSERT_TRUE(registration_->close(soon()));
  EXPECT_EQ(server_.value(entry_.key), "theirs again");
}

TEST_F(RegistrationTest, AnOutageIsToldAndLivedThrough) {
  begin();
  EXPECT_TRUE(told(Kind::listed));
  server_.stop();
  EXPECT_TRUE(told(Kind::interrupted));
  server_.remove(entry_.key);
  server_.start();
  EXPECT_TRUE(told(Kind::resumed));
  EXPECT_TRUE(told(Kind::listed));
  EXPECT_TRUE(is_there());
}

TEST_F(RegistrationTest, WaitsForAnEntryWhoseHolderIsDeadOnly) {
  EXPECT_TRUE(await_unregistered(*client_, soon(), entry_));
  server_.put(entry_.key, "for ever");
  auto refused = await_unregistered(*client_, soon(), entry_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::busy) << why(refused);
  server_.set_minimum_ttl(1s);
  const auto lease = etcd::Lease(*client_).grant(soon(), 2s);
  ASSERT_TRUE(lease);
  server_.put(entry_.key, "dying", lease->id);
  refused = await_unregistered(*client_, soon(), entry_, false);
  EXPECT_FALSE(refused);
  EXPECT_TRUE(await_unregistered(*client_, soon(), entry_));
  EXPECT_FALSE(server_.value(entry_.key));
}

// --- those who look for it ---

class BalancerTest : public RegistrationTest {
 protected:
  void put(const std::string& address) {
    server_.put("web/" + address, R"({"Addr":")" + address + "\"}");
  }
  void open(Balancing balancing, std::size_t count) {
    balancer_.emplace(*client_, Service{.name = "web", .layout = {}}, balancing);
    const auto waited = balancer_->wait(soon(), count);
    EXPECT_TRUE(waited) << why(waited);
  }
  bool until_count(std::size_t count) {
    return server_.until([&] { return balancer_->instances().size() == count; });
  }
  std::string pick() {
    const auto picked = balancer_->pick();
    return picked ? picked->address() : "(none)";
  }
  std::string picks(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += pick();
    return all;
  }

  std::optional<Balancer> balancer_;
};

TEST_F(BalancerTest, RoundRobinGoesOnWhenOneGoes) {
  for (const char* address : {"b", "a", "c"}) put(address);
  open(Balancing::round_robin, 3);
  EXPECT_EQ(picks(4), "bacb");
  server_.remove("web/a");
  EXPECT_TRUE(until_count(2));
  EXPECT_EQ(picks(3), "cbc");
  put("d");
  EXPECT_TRUE(until_count(3));
  EXPECT_EQ(picks(2), "db");
}

TEST_F(BalancerTest, TheLeastUsedIsPicked) {
  for (const char* address : {"a", "b"}) put(address);
  open(Balancing::least_used, 2);
  auto first = balancer_->pick();
  ASSERT_TRUE(first);
  {
    const auto second = balancer_->pick();
    EXPECT_NE(second->address(), first->address());
  }
  const auto third = balancer_->pick();
  EXPECT_NE(third->address(), first->address());
}

TEST_F(BalancerTest, OneThatFailedIsLeftOutWhereThereIsAnother) {
  for (const char* address : {"a", "b"}) put(address);
  open(Balancing::random, 2);
  auto one = balancer_->pick();
  ASSERT_TRUE(one);
  one->failed();
  for (int i = 0; i < 20; ++i) EXPECT_NE(pick(), one->address());
  server_.remove("web/" + std::string(one->address() == "a" ? "b" : "a"));
  EXPECT_TRUE(until_count(1));
  EXPECT_EQ(pick(), one->address());
}

TEST_F(BalancerTest, NothingThereIsSaidAtOnceAndAnOutageKeepsTheList) {
  open(Balancing::round_robin, 0);
  EXPECT_EQ(pick(), "(none)");
  EXPECT_EQ(balancer_->wait(Context::within(50ms), 1).error().code, Code::timed_out);
  put("a");
  EXPECT_TRUE(balancer_->wait(soon(), 1));
  server_.stop();
  EXPECT_TRUE(server_.until([&] { return balancer_->trouble().has_value(); }));
  EXPECT_EQ(pick(), "a");
  server_.start();
  EXPECT_TRUE(server_.until([&] { return !balancer_->trouble(); }));
}

TEST_F(BalancerTest, TroubleThatIsOverIsForgotten) {
  put("a");
  open(Balancing::round_robin, 1);
  server_.refuse("Range", 7, "etcdserver: permission denied");  // asked in silence
  ASSERT_TRUE(server_.until([&] { return balancer_->trouble().has_value(); }, 30s));
  put("b");
  EXPECT_TRUE(until_count(2));
  EXPECT_FALSE(balancer_->trouble());
}

// --- discovery ---

using DiscoveryTest = BalancerTest;

TEST_F(DiscoveryTest, TellsWhatComesGoesAndChanges) {
  put("a");
  Discovery web(*client_, {.name = "web", .layout = {}});
  auto news = web.next(soon());
  ASSERT_TRUE(news) << why(news);
  EXPECT_EQ(news->kind, DiscoveryNews::Kind::listed);
  EXPECT_EQ(news->events.size(), 1U);
  server_.put("web/junk", "nonsense");  // is no instance, and no news
  server_.put("web/a", R"({"Addr":"a","Metadata":{"x":"y"}})");
  news = web.next(soon());
  ASSERT_EQ(news->events.size(), 1U);
  EXPECT_EQ(news->events[0].kind, InstanceEvent::Kind::changed);
  server_.put("web/a", R"({"Addr":"b"})");
  news = web.next(soon());
  ASSERT_EQ(news->events.size(), 2U);
  EXPECT_EQ(news->events[0].kind, InstanceEvent::Kind::down);
  EXPECT_EQ(news->events[0].instance.address, "a");
  EXPECT_EQ(news->events[1].kind, InstanceEvent::Kind::up);
  EXPECT_EQ(news->events[1].instance.address, "b");
}

TEST_F(DiscoveryTest, PicksOneAfterTheOtherOverAllWhoAsk) {
  const Service web{.name = "web", .layout = {}};
  EXPECT_EQ(next_pick(*client_, soon(), web).error().code, Code::not_found);
  for (const char* address : {"b", "a"}) put(address);
  std::string picked;
  for (int i = 0; i < 4; ++i) picked += next_pick(*client_, soon(), web)->address;
  EXPECT_TRUE(picked == "baba" || picked == "abab") << picked;
}

}  // namespace
}  // namespace coord::recipe
