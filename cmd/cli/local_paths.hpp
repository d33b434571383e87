// Where `coord local`, the private one-member etcd of a user, keeps its things.
#pragma once

#include <string>

namespace coord::cli {

std::string local_runtime_dir();  // $XDG_RUNTIME_DIR/coord/local, /run/user/UID/coord/local, or
                                  // /tmp/coord-UID/local
std::string local_socket();       // client.sock in it
std::string local_state_dir();    // $XDG_STATE_HOME/coord/local, or ~/.local/state/coord/local

// Does somebody answer on local_socket()? Only a socket in a directory of our own user counts.
bool local_is_running();

}  // namespace coord::cli
