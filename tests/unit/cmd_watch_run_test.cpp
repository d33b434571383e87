// watch against the fake server: what it prints, tells and ends with.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "cmd/commands/keys/watch.hpp"
#include "cmd_captured_env.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

class WatchRun : public testing::Test {
 protected:
  // A watch of "k" in a thread of its own, until the test's end or its own.
  void begin(WatchOptions options = {}, out::Format format = out::Format::simple) {
    options.keys.first = "k";
    cli::Globals globals;
    globals.connection.endpoints = {etcd_.endpoint()};
    globals.format = format;
    globals.command_timeout = limit_;
    env_ = std::make_unique<cli::Env>(std::move(globals), cli::Env::Child{},
                                      cli::Streams{-1, out_.fd(), err_.fd()});
    env_->set_stop(stop_.get_token());
    end_ = std::async(std::launch::async, [this, options] {
      const auto status = run_watch(options, *env_);
      return status ? Error{} : status.error();
    });
  }

  void begin_and_wait(const WatchOptions& options = {}, out::Format format = out::Format::simple) {
    begin(options, format);
    ASSERT_TRUE(etcd_.until([this] { return etcd_.watches().size() == 1; }));
  }

  // What it has printed, once that holds TEXT; the watch is ended.
  std::string output_with(const std::string& text) {
    EXPECT_TRUE(etcd_.until([&] { return out_.text().find(text) != std::string::npos; }));
    stop_.request_stop();
    EXPECT_EQ(end_.get().code, Code::cancelled);
    return out_.text();
  }

  Duration limit_ = 20s;  // until the server must have taken the watch on
  fake::FakeEtcd etcd_;
  std::stop_source stop_;
  cli::Capture out_;
  cli::Capture err_;
  std::unique_ptr<cli::Env> env_;
  std::future<Error> end_;
};

TEST_F(WatchRun, PrintsEventsAsTheyHappen) {
  begin_and_wait();
  etcd_.put("k", "1");
  etcd_.remove("k");
  EXPECT_EQ(output_with("DELETE\nk\n\n"), "PUT\nk\n1\nDELETE\nk\n\n");
}

TEST_F(WatchRun, SaysHowFarItIsWhenAsked) {
  begin_and_wait({.progress_notify = true}, out::Format::json);
  const std::int64_t revision = etcd_.put("other", "1");
  etcd_.send_progress();
  const std::string output = output_with("\"Created\":false}\n");
  EXPECT_EQ(output.substr(0, output.find('{')),
            "progress notify: " + std::to_string(revision) + "\n");
  EXPECT_NE(output.find("\"Events\":[],\"CompactRevision\":0,\"Canceled\":false"),
            std::string::npos);
}

TEST_F(WatchRun, TellsOnceOfAnInterruptionAndOfItsEnd) {
  begin_and_wait();
  etcd_.put("k", "1");
  ASSERT_TRUE(etcd_.until([this] { return out_.text() == "PUT\nk\n1\n"; }));
  etcd_.stop();
  ASSERT_TRUE(etcd_.until([this] { return !err_.text().empty(); }));
  etcd_.put("k", "2");
  etcd_.start();
  (void)output_with("PUT\nk\n2\n");
  const std::string notes = err_.text();
  EXPECT_TRUE(notes.starts_with("coord: watch 'k': "));
  EXPECT_TRUE(notes.ends_with("coord: watch 'k': goes on\n"));
  EXPECT_EQ(std::ranges::count(notes, '\n'), 2);
}

TEST_F(WatchRun, EndsWhenItsRevisionsAreCompacted) {
  etcd_.put("k", "1");
  const std::int64_t revision = etcd_.put("k", "2");
  etcd_.compact(revision);
  begin({.revision = 1}, out::Format::json);
  const Error error = end_.get();
  EXPECT_EQ(error.code, Code::compacted);
  EXPECT_EQ(error.message,
            "watch 'k': watch was canceled (etcdserver: mvcc: required revision has been "
            "compacted)");
  EXPECT_EQ(error.hint, "the oldest revision that is left is " + std::to_string(revision));
  EXPECT_NE(out_.text().find("\"Events\":[],\"CompactRevision\":" + std::to_string(revision) +
                             ",\"Canceled\":true"),
            std::string::npos);
}

TEST_F(WatchRun, EndsWhenNobodyServesItInTheFirstPlace) {
  etcd_.lose_leader(true);
  limit_ = 500ms;
  begin();
  const Error error = end_.get();
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_TRUE(error.message.starts_with("watch 'k': ")) << error.message;
}

}  // namespace
}  // namespace coord::commands
