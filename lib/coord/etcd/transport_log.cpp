#include "coord/etcd/transport_log.hpp"

#include <grpc/support/log.h>

namespace coord::etcd {

void hide_transport_log() {
  gpr_set_log_function([](gpr_log_func_args* /*line*/) {});
}

}  // namespace coord::etcd
