#include "fake/member.hpp"

#include <grpcpp/server_builder.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <stdexcept>

namespace coord::fake {
namespace {

std::string new_folder() {
  std::string path = std::filesystem::temp_directory_path() / "fake-etcd-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("fake etcd: cannot make " + path);
  return path;
}

}  // namespace

Member::Member(std::shared_ptr<Cluster> shared_cluster, bool unix_socket)
    : cluster(std::move(shared_cluster)) {
  if (unix_socket) {
    folder_ = new_folder();
    address_ = "unix:" + folder_ + "/socket";
    endpoint_ = "unix://" + folder_ + "/socket";
  } else {
    address_ = "127.0.0.1:0";
  }
  start();
  etcdserverpb::Member self;
  self.set_id(gate.member);
  self.set_name("fake-" + std::to_string(cluster->members));
  self.add_clienturls(endpoint_.starts_with("unix") ? endpoint_ : "http://" + endpoint_);
  cluster->roster.push_back(self);
}

Member::~Member() {
  stop();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

void Member::start() {
  if (server_) return;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // two tests must not share a port
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : std::initializer_list<grpc::Service*>{
           &kv_, &lease_, &watch_, &cluster_, &maintenance_, &auth_}) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
  if (!server_ || port == 0) throw std::runtime_error("fake etcd: cannot listen on " + address_);
  if (!folder_.empty()) return;
  address_ = "127.0.0.1:" + std::to_string(port);
  endpoint_ = address_;
}

void Member::stop() {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now());
  {
    std::unique_lock lock(cluster->mutex);
    cluster->changed.wait(lock, [this] { return gate.streams.empty(); });
  }
  server_.reset();
}

}  // namespace coord::fake
