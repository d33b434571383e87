#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "cmd/run/outcome.hpp"

namespace coord::run {
namespace {

class NoClaim final : public Claim {
 public:
  std::string what() const override { return "lock 'x'"; }
  Result<std::vector<recipe::Held>> acquire(const Context&, etcd::Client&,
                                            const etcd::Session&) override {
    return fail(Code::internal, "");
  }
  Result<Obstacle> obstacle(const Context&, etcd::Client&, std::int64_t) override {
    return Obstacle{};
  }
  Variables variables(const std::vector<recipe::Held>&) const override { return {}; }
};

class OutcomeTest : public testing::Test {
 protected:
  OutcomeTest() {
    plan_.claim = std::make_unique<NoClaim>();
    plan_.command = std::vector<std::string>{"pg_dump", "app"};
    last(-1);
  }
  void last(std::int64_t code, std::string text = "") {
    end_.result.last.emplace();
    end_.result.last->a = code;
    end_.result.last->text = std::move(text);
  }
  void last(Code code) {
    last(static_cast<std::int64_t>(code), std::string("it failed\0do this", 17));
  }
  void command(int status) { end_.result.command_status = status; }
  Outcome outcome() { return outcome_of(end_, plan_); }
  std::string status_line() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    plan_.status_fd = ends[1];
    write_status(plan_, outcome());
    std::array<char, 200> text{};
    const ssize_t size = read(ends[0], text.data(), text.size());
    close(ends[0]);
    close(ends[1]);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

  Plan plan_;
  GuardianEnd end_;
};

// As an item of a queue that was worked on, but could not be taken away.
TEST_F(OutcomeTest, ASuccessThatCouldNotBeSettledIsNone) {
  command(0);
  last(Code::unavailable);
  ASSERT_TRUE(outcome().error);
  EXPECT_EQ(outcome().error->code, Code::unavailable);
  EXPECT_EQ(outcome().command, 0);
  command(W_EXITCODE(7, 0));
  EXPECT_EQ(outcome().status, 7);
  EXPECT_FALSE(outcome().error);
}

TEST_F(OutcomeTest, TheCommandsOwnStatus) {
  for (const int status : {0, 1, 7, 75, 124, 255}) {
    command(W_EXITCODE(status, 0));
    EXPECT_EQ(outcome().status, status);
    EXPECT_FALSE(outcome().error);
    EXPECT_FALSE(outcome().die_by);
    EXPECT_EQ(status_line(), "result=done code=" + std::to_string(status) +
                                 " child=" + std::to_string(status) + "\n");
  }
}

// As when it cannot be settled: see Claim::settle().
TEST_F(OutcomeTest, AnErrorAfterTheCommandCountsUnlessTheCommandHasFailedToo) {
  command(W_EXITCODE(0, 0));
  last(Code::timed_out);
  EXPECT_EQ(outcome().status, 124);
  EXPECT_TRUE(outcome().error);
  command(W_EXITCODE(3, 0));
  EXPECT_EQ(outcome().status, 3);
  EXPECT_EQ(outcome().note, "coord: it failed");
}

TEST_F(OutcomeTest, AnErrorAfterAHoldThatASignalHasEndedIsNoSuccess) {
  plan_.command.reset();
  end_.result.was_holding = true;
  end_.result.ended_by = SIGTERM;
  EXPECT_EQ(outcome().status, 0);
  last(Code::timed_out);
  EXPECT_EQ(outcome().status, 124);
  last(Code::cancelled);
  EXPECT_EQ(outcome().die_by, SIGTERM);
}

TEST_F(OutcomeTest, TheCommandDiedOfASignalThatWasNotOurs) {
  command(W_EXITCODE(0, SIGSEGV));
  EXPECT_EQ(outcome().status, 128 + SIGSEGV);
  EXPECT_FALSE(outcome().die_by);
  EXPECT_EQ(status_line(), "result=done code=139 child=139\n");
}

TEST_F(OutcomeTest, TheCommandDiedOfTheSignalThatWePassedOn) {
  command(W_EXITCODE(0, SIGINT));
  end_.received = {SIGINT};
  EXPECT_EQ(outcome().die_by, SIGINT);
  EXPECT_EQ(status_line(), "result=done code=130 child=130\n");
}

TEST_F(OutcomeTest, TheCommandEndedWellThoughItWasSignalled) {
  command(W_EXITCODE(0, 0));
  end_.received = {SIGINT, SIGTERM};
  EXPECT_EQ(outcome().status, 0);
  EXPECT_FALSE(outcome().die_by);
}

TEST_F(OutcomeTest, EndedByASignalWhileWaiting) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    last(Code::cancelled);
    end_.result.ended_by = signal;
    EXPECT_EQ(outcome().die_by, signal);
    EXPECT_FALSE(outcome().error);
    EXPECT_EQ(status_line(), "result=signal code=" + std::to_string(128 + signal) + "\n");
  }
}

TEST_F(OutcomeTest, EndedByASignalThoughTheHolderIsDead) {
  end_.result.last.reset();
  end_.result.ended_by = SIGINT;
  EXPECT_EQ(outcome().die_by, SIGINT);
}

TEST_F(OutcomeTest, AHoldWithoutACommandEndsAsAMatterOfCourse) {
  plan_.command.reset();
  end_.result.was_holding = true;
  EXPECT_EQ(outcome().status, 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    end_.result.ended_by = signal;
    EXPECT_EQ(outcome().status, 0);
    EXPECT_FALSE(outcome().die_by);
  }
  end_.result.ended_by = SIGHUP;
  EXPECT_EQ(outcome().die_by, SIGHUP);
}

TEST_F(OutcomeTest, LostBeatsAllElse) {
  end_.result.lost = "its key was deleted";
  command(W_EXITCODE(0, 0));
  end_.result.ended_by = SIGINT;
  ASSERT_TRUE(outcome().error);
  EXPECT_EQ(outcome().error->code, Code::lost);
  EXPECT_EQ(outcome().error->message, "lost lock 'x': its key was deleted; pg_dump was stopped");
  EXPECT_FALSE(outcome().die_by);
  EXPECT_EQ(status_line(), "result=lost code=75 child=0\n");
}

TEST_F(OutcomeTest, LostWithoutACommand) {
  plan_.command.reset();
  end_.result.lost = "its key was deleted";
  EXPECT_EQ(outcome().error->message, "lost lock 'x': its key was deleted");
  EXPECT_EQ(status_line(), "result=lost code=75\n");
}

struct Row {
  Code code;
  int status;
  const char* word;
};

constexpr Row kRows[] = {
    {Code::busy, 1, "busy"},          {Code::timed_out, 124, "timeout"},
    {Code::unavailable, 69, "error"}, {Code::denied, 77, "error"},
    {Code::config, 78, "error"},      {Code::os, 71, "error"},
    {Code::internal, 70, "error"},    {Code::bad_data, 65, "error"},
    {Code::no_command, 127, "error"}, {Code::cannot_execute, 126, "error"},
    {Code::usage, 64, "error"},       {Code::lost, 75, "error"},
};

TEST_F(OutcomeTest, EveryErrorOfTheHolder) {
  for (const Row& row : kRows) {
    last(row.code);
    ASSERT_TRUE(outcome().error);
    EXPECT_EQ(outcome().error->code, row.code);
    EXPECT_EQ(outcome().error->message, "it failed");
    EXPECT_EQ(outcome().error->hint, "do this");
    EXPECT_EQ(status_line(),
              std::string("result=") + row.word + " code=" + std::to_string(row.status) + "\n");
  }
}

TEST_F(OutcomeTest, AnotherStatusForConflictsOnly) {
  for (const Row& row : kRows) {
    for (const int wanted : {0, 42, 255}) {
      plan_.conflict_status = wanted;
      last(row.code);
      const bool conflict = row.code == Code::busy || row.code == Code::timed_out;
      EXPECT_EQ(status_line(), std::string("result=") + row.word + " code=" +
                                   std::to_string(conflict ? wanted : row.status) + "\n");
    }
  }
  plan_.conflict_status = 42;
  command(W_EXITCODE(1, 0));
  EXPECT_EQ(outcome().status, 1);
  end_.result.lost = "gone";
  EXPECT_FALSE(outcome().status);
}

TEST_F(OutcomeTest, WhoeverLeavesEarlySaysWhenTheLeaseEnds) {
  EXPECT_EQ(outcome().note, "");
  end_.result.abandoned = true;
  end_.result.ended_by = SIGINT;
  plan_.ttl = std::chrono::seconds{15};
  EXPECT_NE(outcome().note.find("within 15s"), std::string::npos);
  EXPECT_EQ(outcome().die_by, SIGINT);
}

TEST_F(OutcomeTest, AHintMayBeMissing) {
  last(static_cast<std::int64_t>(Code::denied), "no");
  EXPECT_EQ(outcome().error->message, "no");
  EXPECT_EQ(outcome().error->hint, "");
}

TEST_F(OutcomeTest, AHolderThatDiedWithoutAWordIsABug) {
  end_.result.last.reset();
  EXPECT_EQ(outcome().error->code, Code::internal);
  EXPECT_EQ(status_line(), "result=error code=70\n");
}

TEST_F(OutcomeTest, NobodyNeedsToReadTheStatus) {
  write_status(plan_, outcome());
  plan_.status_fd = 1 << 20;
  write_status(plan_, outcome());
}

}  // namespace
}  // namespace coord::run
