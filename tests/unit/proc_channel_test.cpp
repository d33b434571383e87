#include "coord/proc/channel.hpp"
#include "proc_support.hpp"

namespace coord::proc {
namespace {

using namespace testing;

TEST(Channel, CarriesNumbersAndAnyBytesInOrder) {
  auto [here, there] = Channel::pair().value();
  Message got;
  EXPECT_EQ(there.receive(got), Received::nothing);
  const std::string bytes("a\0\n\xff", 4);
  ASSERT_TRUE(here.send({3, INT64_MIN, INT64_MAX, bytes, {}}));
  ASSERT_TRUE(here.send({-1, 0, 0, "", {}}));
  ASSERT_EQ(there.receive(got), Received::message);
  EXPECT_EQ(got.type, 3);
  EXPECT_EQ(got.a, INT64_MIN);
  EXPECT_EQ(got.b, INT64_MAX);
  EXPECT_EQ(got.text, bytes);
  EXPECT_FALSE(got.fd);
  ASSERT_EQ(there.receive(got), Received::message);
  EXPECT_EQ(got.type, -1);
  EXPECT_EQ(got.text, "");
  EXPECT_EQ(there.receive(got), Received::nothing);
}

TEST(Channel, CutsLongTexts) {
  auto [here, there] = Channel::pair().value();
  ASSERT_TRUE(here.send({0, 0, 0, std::string(2 * Channel::kMaxText, 'x'), {}}));
  Message got;
  ASSERT_EQ(there.receive(got), Received::message);
  EXPECT_EQ(got.text, std::string(Channel::kMaxText, 'x'));
}

TEST(Channel, PassesADescriptorThatIsClosedOnExec) {
  auto [here, there] = Channel::pair().value();
  Pipe pipe;
  Message sent;
  sent.fd = Fd(dup(pipe.write.get()));
  ASSERT_TRUE(here.send(sent));
  Message got;
  ASSERT_EQ(there.receive(got), Received::message);
  ASSERT_TRUE(got.fd);
  EXPECT_EQ(fcntl(got.fd.get(), F_GETFD), FD_CLOEXEC);
  ASSERT_EQ(write(got.fd.get(), "x", 1), 1);
  sent.fd.reset();
  got.fd.reset();
  pipe.write.reset();
  EXPECT_EQ(read_all(pipe.read.get()), "x");
}

TEST(Channel, TheDeathOfTheOtherProcessIsSeenAfterItsLastWord) {
  auto [here, there] = Channel::pair().value();
  ASSERT_TRUE(here.send({1, 0, 0, "unread", {}}));  // so that its death is an ECONNRESET, too
  const pid_t other = fork_off([&] {
    here.close();
    return there.send({2, 0, 0, "last word", {}}) ? raise(SIGKILL) : 1;
  });
  there.close();
  await(other);
  ASSERT_TRUE(is_ready(here.fd()));
  Message got;
  ASSERT_EQ(here.receive(got), Received::message);
  EXPECT_EQ(got.text, "last word");
  EXPECT_EQ(here.receive(got), Received::closed);
  EXPECT_EQ(here.receive(got), Received::closed);
  const auto sent = here.send({});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Code::lost);
}

TEST(Channel, SendingToADeafProcessFailsInsteadOfBlocking) {
  auto [here, there] = Channel::pair().value();
  int sent = 0;
  Result<> answer;
  while (sent < 1'000'000 && (answer = here.send({sent, 0, 0, "", {}}))) ++sent;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::os);
  Message got;
  for (int i = 0; i < sent; ++i) {
    ASSERT_EQ(there.receive(got), Received::message);
    ASSERT_EQ(got.type, i);
  }
  EXPECT_EQ(there.receive(got), Received::nothing);
}

}  // namespace
}  // namespace coord::proc
