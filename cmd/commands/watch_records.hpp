// A reply of a watch as a record, in the names and the order of etcdctl.
#pragma once

#include "cmd/out/value.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::commands {

// Of kind events, progress, compacted or cancelled.
out::Record watch_record(etcd::WatchReply reply);

}  // namespace coord::commands
