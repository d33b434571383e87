#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "cmd/cli/connection.hpp"
#include "cmd/cli/local_paths.hpp"

// NOLINTBEGIN(concurrency-mt-unsafe): there are no threads here to see the environment change
namespace coord::cli {
namespace {

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    char name[] = "/tmp/coord-unit-XXXXXX";
    folder_ = ::mkdtemp(name);
    ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
    ::setenv("XDG_STATE_HOME", folder_.c_str(), 1);
  }
  ~ConnectionTest() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& content) {
    std::ofstream(folder_ + "/file") << content;
    return folder_ + "/file";
  }

  // Somebody who listens where `coord local` would.
  static int listen_locally() {
    std::filesystem::create_directories(local_runtime_dir());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, local_socket().c_str(), sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd, 1), 0);
    return fd;
  }

  std::string folder_;
  Globals globals_;
};

TEST_F(ConnectionTest, LocalPathsFollowXdg) {
  EXPECT_EQ(local_runtime_dir(), folder_ + "/coord/local");
  EXPECT_EQ(local_socket(), folder_ + "/coord/local/client.sock");
  EXPECT_EQ(local_state_dir(), folder_ + "/coord/local");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", "/home/ann", 1);
  EXPECT_EQ(local_state_dir(), "/home/ann/.local/state/coord/local");
}

TEST_F(ConnectionTest, GivenEndpointsAreTaken) {
  globals_.connection.endpoints = {"a:1"};
  const int fd = listen_locally();
  EXPECT_EQ(resolve_connection(globals_)->options.endpoints, std::vector<std::string>{"a:1"});
  ::close(fd);
}

TEST_F(ConnectionTest, ElseALocalServerThatAnswers) {
  globals_.connection.endpoints.clear();
  EXPECT_EQ(resolve_connection(globals_)->options.endpoints,
            std::vector<std::string>{"127.0.0.1:2379"});
  const int fd = listen_locally();
  EXPECT_EQ(resolve_connection(globals_)->options.endpoints,
            std::vector<std::string>{"unix://" + local_socket()});
  ::close(fd);  // the socket's file stays
  EXPECT_EQ(resolve_connection(globals_)->options.endpoints,
            std::vector<std::string>{"127.0.0.1:2379"});
}

TEST_F(ConnectionTest, ThePasswordIsTheFirstLineOfItsFile) {
  globals_.connection.user = "ann";
  globals_.password_file = file("secret word\nsecond\n");
  EXPECT_EQ(resolve_connection(globals_)->options.password, "secret word");
  globals_.password_file = folder_ + "/none";
  const auto none = resolve_connection(globals_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::config);
}

TEST_F(ConnectionTest, AFileWithoutAUserIsNotRead) {
  globals_.password_file = folder_ + "/none";
  EXPECT_TRUE(resolve_connection(globals_));
}

TEST_F(ConnectionTest, VariablesForAChildSayTheSame) {
  etcd::Options& options = globals_.connection;
  options.endpoints = {"a:1", "b:2"};
  options.user = "ann";
  options.password = "secret";
  options.name_space = "/team/";
  options.tls.ca_file = "ca";
  options.tls.required = true;
  const std::map<std::string, std::string> expected{
      {"COORD_ENDPOINTS", "a:1,b:2"},        {"COORD_DISCOVERY_SRV", ""},
      {"COORD_NAMESPACE", "/team/"},         {"COORD_COMMAND_TIMEOUT", "5s"},
      {"COORD_DIAL_TIMEOUT", "1.8s"},        {"COORD_CACERT", "ca"},
      {"COORD_INSECURE_TRANSPORT", "false"}, {"COORD_USER", "ann"}};
  auto variables = as_variables(options, globals_.command_timeout, false);
  EXPECT_EQ((std::map<std::string, std::string>(variables.begin(), variables.end())), expected);
  variables = as_variables(options, globals_.command_timeout, true);
  EXPECT_EQ(variables.back(), (std::pair<std::string, std::string>("COORD_PASSWORD", "secret")));
}

}  // namespace
}  // namespace coord::cli
// NOLINTEND(concurrency-mt-unsafe)
