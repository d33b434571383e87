#include <gtest/gtest.h>

#include "cmd/commands/elections/elect_claim.hpp"
#include "cmd/run/acquirer.hpp"
#include "cmd_captured_env.hpp"
#include "recipe_support.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;
using recipe::LockTest;

class ElectClaimTest : public LockTest {
 protected:
  using Ended = std::optional<Result<Taken>>;

  void begin(std::optional<Duration> timeout = {}) {
    plan_.ttl = 60s;
    plan_.timeout = timeout;
    plan_.claim = std::make_unique<commands::ElectClaim>(
        commands::ElectClaimOptions{.name = "e", .proposal = "me", .wait = plan_.waits()},
        recipe::HolderInfo{.host = "h", .pid = 1});
    auto client = env_.env().client();
    ASSERT_TRUE(client) << fake::why(client);
    const BootTime give_up_at = timeout > 0s ? after(BootClock::now(), *timeout) : kNever;
    acquirer_.emplace(env_.env(), **client, plan_, give_up_at, changed_);
  }
  Ended end() {
    Ended ended;
    EXPECT_TRUE(server_.until([&] { return (ended = acquirer_->take()).has_value(); }, 20s));
    return ended;
  }
  static Error error(const Ended& ended) {
    return ended && !*ended ? ended->error() : Error{Code::internal, "no error", ""};
  }

  cli::CapturedEnv env_{server_.endpoint()};
  Notifier changed_;
  Plan plan_;
  std::optional<Acquirer> acquirer_;
};

TEST_F(ElectClaimTest, ABusyElectionLeavesNothingBehindAndSaysWhoLeads) {
  server_.put("e/1", "other");
  begin(0s);
  const Ended ended = end();
  EXPECT_EQ(error(ended).code, Code::busy);
  EXPECT_TRUE(error(ended).message.starts_with("election 'e' has a leader: led by "));
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"e/1"});
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(ElectClaimTest, ATimeLimitLeavesNeitherCandidateNorHolder) {
  server_.put("e/1", "other");
  begin(300ms);
  EXPECT_EQ(error(end()).code, Code::timed_out);
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"e/1"});
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(ElectClaimTest, BeginsAgainWhenItsLeaseEndsWhileItWaits) {
  server_.put("e/1", "other");
  begin();
  ASSERT_TRUE(server_.until([&] { return watched("e/1") > 0; }));
  server_.expire_lease(acquirer_->lease());
  ASSERT_TRUE(server_.until([&] { return watched("e/1") > 1; }));
  server_.remove("e/1");
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  EXPECT_EQ(server_.value((*ended)->held.front().key), "me");
}

TEST_F(ElectClaimTest, TheCommandIsToldTheCreateRevisionAndTheToken) {
  server_.put("e/1", "other");
  begin();
  ASSERT_TRUE(server_.until([&] { return watched("e/1") > 0; }));
  server_.remove("e/1");
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  const recipe::Held& held = (*ended)->held.front();
  EXPECT_GT(held.revision, held.create_revision);
  const Variables expected{{"COORD_NAME", "e"},
                           {"COORD_ELECTION_NAME", "e"},
                           {"COORD_ELECTION_KEY", held.key},
                           {"COORD_ELECTION_REV", std::to_string(held.create_revision)},
                           {"COORD_ELECTION_TOKEN", std::to_string(held.revision)}};
  EXPECT_EQ(plan_.claim->variables((*ended)->held), expected);
}

}  // namespace
}  // namespace coord::run
