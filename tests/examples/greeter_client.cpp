// greeter_client SERVICE [round-robin|random|least-used]: greets each name that comes on stdin, by
// whichever instance of the service is there. etcd is at $COORD_ENDPOINTS.
//
// Shows how a gRPC client spreads its calls with recipe::Balancer, and moves them when an instance
// dies: a call that did not get through is made again, elsewhere. Greeting twice does no harm; a
// call that would must not be repeated like that.
#include <grpcpp/create_channel.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "coord/recipe/balancer.hpp"
#include "greeter.grpc.pb.h"

namespace {

using namespace std::chrono_literals;
using coord::Result;

class Client {
 public:
  explicit Client(coord::recipe::Balancer& servers) : servers_(&servers) {}

  Result<std::string> greet(const std::string& name) {
    constexpr int kMostTries = 5;
    coord::Error last;
    for (int i = 0; i < kMostTries; ++i) {
      COORD_TRY_INTO(auto pick, servers_->pick());
      auto reply = call(pick.address(), name);
      if (reply) return reply;
      pick.failed();
      last = reply.error();
    }
    return std::unexpected(last);
  }

 private:
  Result<std::string> call(const std::string& address, const std::string& name) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    greeter::GreetRequest request;
    request.set_name(name);
    greeter::GreetReply reply;
    const grpc::Status status = stub(address).Greet(&context, request, &reply);
    if (status.ok()) return reply.text();
    return coord::fail(coord::Code::unavailable, address + ": " + status.error_message());
  }

  // A channel stays open: gRPC connects again by itself.
  greeter::Greeter::Stub& stub(const std::string& address) {
    auto& stub = stubs_[address];
    if (!stub)
      stub = greeter::Greeter::NewStub(
          grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    return *stub;
  }

  coord::recipe::Balancer* servers_;
  std::map<std::string, std::unique_ptr<greeter::Greeter::Stub>> stubs_;
};

coord::recipe::Balancing balancing_of(const std::string& word) {
  if (word == "random") return coord::recipe::Balancing::random;
  if (word == "least-used") return coord::recipe::Balancing::least_used;
  return coord::recipe::Balancing::round_robin;
}

coord::etcd::Options options_from_environment() {
  const char* const endpoints = std::getenv("COORD_ENDPOINTS");  // NOLINT(concurrency-mt-unsafe)
  coord::etcd::Options options;
  if (endpoints == nullptr) return options;
  options.endpoints.clear();
  std::istringstream list(endpoints);
  for (std::string one; std::getline(list, one, ',');) options.endpoints.push_back(one);
  return options;
}

Result<> run(const std::string& service, const std::string& balancing) {
  const coord::etcd::Options options = options_from_environment();
  COORD_TRY_INTO(const auto etcd, coord::etcd::Client::open(options));
  coord::recipe::Balancer servers(*etcd, {.name = service, .layout = {}}, balancing_of(balancing));
  COORD_TRY(servers.wait(coord::Context::within(30s), 1));
  Client client(servers);
  for (std::string name; std::getline(std::cin, name);) {
    COORD_TRY_INTO(const auto text, client.greet(name));
    std::cout << text << std::endl;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: greeter_client SERVICE [round-robin|random|least-used]\n", stderr);
    return 64;
  }
  const auto done = run(argv[1], argc > 2 ? argv[2] : "round-robin");
  if (done) return 0;
  std::fprintf(stderr, "greeter_client: %s\n", done.error().message.c_str());
  return 1;
}
