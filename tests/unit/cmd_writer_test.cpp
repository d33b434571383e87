#include <fcntl.h>
#include <gtest/gtest.h>

#include <csignal>

#include "cmd/out/writer.hpp"
#include "cmd_captured_env.hpp"

namespace coord::out {
namespace {

TEST(Writer, KeepsTextUntilFlush) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  writer.write("abc");
  EXPECT_EQ(capture.text(), "");
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(capture.text(), "abc");
}

TEST(Writer, WritesLongTextAsItComes) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  for (int i = 0; i < 100000; ++i) writer.write("0123456789");
  EXPECT_GT(capture.text().size(), 900000U);
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(capture.text().size(), 1000000U);
}

TEST(Writer, SaysThatTheDiskIsFull) {
  const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  Writer writer(fd);
  writer.write("abc");
  EXPECT_TRUE(writer.status());
  const auto flushed = writer.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, Code::output);
  EXPECT_EQ(flushed.error().message, "cannot write the output: No space left on device");
  EXPECT_FALSE(writer.reader_gone());
  writer.write("more");
  EXPECT_FALSE(writer.flush());
  ::close(fd);
}

TEST(Writer, KnowsThatTheReaderIsGone) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  Writer writer(ends[1]);
  writer.write("abc");
  EXPECT_FALSE(writer.flush());
  EXPECT_TRUE(writer.reader_gone());
  ::close(ends[1]);
}

}  // namespace
}  // namespace coord::out
