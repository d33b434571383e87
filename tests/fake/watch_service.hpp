// Internal. The Watch service of one member of a fake cluster.
#pragma once

#include "etcdserverpb/watch.grpc.pb.h"
#include "fake/gate.hpp"

namespace coord::fake {

class WatchService final : public etcdserverpb::Watch::CallbackService {
 public:
  explicit WatchService(Gate& gate) : gate_(gate) {}

  grpc::ServerBidiReactor<etcdserverpb::WatchRequest, etcdserverpb::WatchResponse>* Watch(
      grpc::CallbackServerContext* context) override;

 private:
  Gate& gate_;
};

}  // namespace coord::fake
