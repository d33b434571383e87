// Starting the installed etcd as a server of one member on a Unix socket, and waiting for it.
//
// etcd wants HOST:PORT even of a socket and takes the two for the file's name, seen from its
// working directory; newer versions would take a path, 3.4 does not. So it works in the runtime
// folder and makes "client:0" there, and client.sock is a link to that. It gets no ETCD_… variable
// of the user: a config file named there would make it ignore its options.
#pragma once

#include <functional>
#include <string>

#include "cmd/commands/tools/local_places.hpp"
#include "coord/base/context.hpp"
#include "coord/proc/child.hpp"

namespace coord::commands {

enum class EtcdLife {
  lasting,     // outlives us, our session and our terminal, and is written down in record()
  throw_away,  // is killed when we die; nothing it stores needs to survive it
};

// Both folders exist, and no etcd uses them. While there is one thread. Returns when it runs, which
// is before it answers. Code::unavailable when it is not installed, Code::os.
Result<proc::Child> start_etcd(const LocalPlaces& places, EtcdLife life);

// Blocks until it answers. Code::unavailable when it has ended, with its last words, or when the
// context's time is up; Code::cancelled when INTERRUPTED says so, which is asked all the time.
Result<> await_etcd(const Context& ctx, const LocalPlaces& places, proc::Child& etcd,
                    const std::function<bool()>& interrupted = {});

// One short question to whoever is behind the socket; a refusal will do for an answer.
// Code::unavailable.
Result<> ask_etcd(const Context& ctx, const LocalPlaces& places);

// Removes the sockets that a dead etcd has left.
void remove_sockets(const LocalPlaces& places);

}  // namespace coord::commands
