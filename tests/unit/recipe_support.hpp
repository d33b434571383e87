// Contenders for a lock, each with a client, a session and a thread of its own.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "coord/base/layout.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/lock.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

// A client and a session, and a thread that blocks in what it acquires.
class Attempt {
 public:
  explicit Attempt(const std::vector<std::string>& endpoints, std::chrono::seconds ttl = 60s)
      : client_(fake::client_of(endpoints)) {
    auto session = etcd::Session::open(*client_, soon(), ttl);
    if (!session) throw std::runtime_error(why(session));
    session_ = *std::move(session);
  }
  explicit Attempt(const fake::FakeEtcd& server) : Attempt(std::vector{server.endpoint()}) {}

  etcd::Client& client() { return *client_; }
  const etcd::Session& session() const { return *session_; }
  std::int64_t lease() const { return session_->lease(); }

  void begin_with(std::function<Result<Held>(const Context&)> acquire, Duration limit = 20s) {
    thread_ =
        std::jthread([this, limit, acquire = std::move(acquire)](const std::stop_token& stop) {
          result_.set_value(acquire(Context(stop).at_most(limit)));
        });
  }
  void cancel() { thread_.request_stop(); }
  // Before what the thread uses goes.
  void join() {
    cancel();
    if (thread_.joinable()) thread_.join();
  }
  bool waits() { return ready_.wait_for(0s) != std::future_status::ready; }
  Result<Held> end() {
    if (ready_.wait_for(20s) != std::future_status::ready) {
      return fail(Code::internal, "still waiting");
    }
    return ready_.get();
  }

 private:
  std::unique_ptr<etcd::Client> client_;
  std::unique_ptr<etcd::Session> session_;
  std::promise<Result<Held>> result_;
  std::future<Result<Held>> ready_ = result_.get_future();
  std::jthread thread_;
};

class Contestant : public Attempt {
 public:
  explicit Contestant(const std::vector<std::string>& endpoints, std::string name = "x",
                      std::chrono::seconds ttl = 60s)
      : Attempt(endpoints, ttl),
        lock_(client(), session(), std::move(name), HolderInfo{.host = "h", .pid = 1}) {}
  explicit Contestant(const fake::FakeEtcd& server) : Contestant(std::vector{server.endpoint()}) {}

  ~Contestant() { join(); }
  Contestant(const Contestant&) = delete;
  Contestant& operator=(const Contestant&) = delete;

  Lock& lock() { return lock_; }
  const std::string& key() const { return lock_.key(); }
  void begin(Duration limit = 20s) {
    begin_with([this](const Context& ctx) { return lock_.acquire(ctx); }, limit);
  }

 private:
  Lock lock_;
};

class LockTest : public testing::Test {
 protected:
  // Until CONTESTANT stands in line, with the watches of its wait.
  void expect_in_line(const Contestant& contestant) { expect_watched(contestant.key()); }
  void expect_watched(const std::string& key) {
    EXPECT_TRUE(server_.until([&] { return watched(key) > 0; })) << key;
  }
  int watched(const std::string& key) const {
    int found = 0;
    for (const auto& watch : server_.watches()) found += watch.key == key ? 1 : 0;
    return found;
  }
  void expect_owner(const Result<Held>& held, const Contestant& contestant) {
    ASSERT_TRUE(held) << why(held);
    EXPECT_EQ(held->key, contestant.key());
    EXPECT_EQ(held->lease, contestant.lease());
    EXPECT_GE(held->revision, held->create_revision);
    EXPECT_LE(held->revision, server_.revision());
    ASSERT_TRUE(server_.value(contestant.key()));
  }
  static Code code(const Result<Held>& held) { return held ? Code::internal : held.error().code; }

  fake::FakeEtcd server_;
};

}  // namespace coord::recipe
