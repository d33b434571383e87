// What gRPC writes to stderr by itself.
#pragma once

namespace coord::etcd {

// Nothing of it any more, in the whole process: what concerns a caller is in the errors. Before the
// first client; not for a program that uses gRPC itself.
void hide_transport_log();

}  // namespace coord::etcd
