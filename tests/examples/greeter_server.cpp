// greeter_server ADDRESS: says hello, and who it is. To be started by coord, which lists it:
//
//   coord register greeter 127.0.0.1:5001 -- greeter_server 127.0.0.1:5001
#include <grpcpp/server_builder.h>

#include <cstdio>
#include <memory>
#include <string>

#include "greeter.grpc.pb.h"

namespace {

class Greeter final : public greeter::Greeter::Service {
 public:
  explicit Greeter(std::string address) : address_(std::move(address)) {}

  grpc::Status Greet(grpc::ServerContext* /*context*/, const greeter::GreetRequest* request,
                     greeter::GreetReply* reply) override {
    reply->set_text("hello " + request->name() + " from " + address_);
    return grpc::Status::OK;
  }

 private:
  std::string address_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: greeter_server ADDRESS\n", stderr);
    return 64;
  }
  Greeter service(argv[1]);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(argv[1], grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::fprintf(stderr, "greeter_server: cannot listen on %s\n", argv[1]);
    return 1;
  }
  server->Wait();
}
