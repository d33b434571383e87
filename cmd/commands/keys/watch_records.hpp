// A reply of a watch as a record, in the names and the order of etcdctl.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/out/value.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::commands {

// Of kind events, progress, compacted or cancelled.
out::Record watch_record(etcd::WatchReply reply);

// Onto the Env's stdout, as a whole. Code::output.
Result<> print_watch(cli::Env& env, const etcd::WatchReply& reply);

std::string type_name(const etcd::Event& event);  // PUT, DELETE

}  // namespace coord::commands
