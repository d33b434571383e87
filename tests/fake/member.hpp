// Internal. Member: the services of one fake server behind one socket, to be stopped and started
// again.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "fake/admin_service.hpp"
#include "fake/cluster_service.hpp"
#include "fake/kv_service.hpp"
#include "fake/lease_service.hpp"
#include "fake/watch_service.hpp"

namespace coord::fake {

class Member {
 public:
  Member(std::shared_ptr<Cluster> shared_cluster, bool unix_socket);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  void start();
  void stop();  // blocks until the last request has left
  const std::string& endpoint() const { return endpoint_; }

  const std::shared_ptr<Cluster> cluster;
  Gate gate{*cluster};

 private:
  KvService kv_{gate};
  LeaseService lease_{gate};
  WatchService watch_{gate};
  ClusterService cluster_{gate};
  MaintenanceService maintenance_{gate};
  AuthService auth_{gate};
  std::string folder_;  // of the Unix socket
  std::string address_;
  std::string endpoint_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace coord::fake
