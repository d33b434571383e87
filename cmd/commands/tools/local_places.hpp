// The folders and files of a private etcd, and the guards around them.
#pragma once

#include <string>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

// Two folders, which are one for a throw-away etcd: `runtime` holds the sockets and is etcd's
// working directory, `state` what lasts.
struct LocalPlaces {
  std::string runtime;
  std::string state;

  std::string socket() const { return runtime + "/client.sock"; }
  std::string endpoint() const { return "unix://" + socket(); }
  std::string data() const { return state + "/data"; }
  std::string log() const { return state + "/etcd.log"; }
  std::string record() const { return state + "/etcd.pid"; }  // see local_process.hpp
  std::string lock() const { return state + "/lock"; }
};

// Those of the user's lasting etcd.
LocalPlaces lasting_places();

// Code::config when the path of the socket is longer than the kernel allows, with HINT.
Result<> check_socket(const LocalPlaces& places, const std::string& hint);

// Makes the folder, and those above it, where they are missing. Afterwards it is a real one, ours
// and closed to others. Code::config where it is somebody else's, Code::os.
Result<> make_private_folder(const std::string& path);

// Only one process at a time has it; it is free again when the descriptor closes, by death too.
// Code::timed_out, Code::os.
Result<proc::Fd> take_file_lock(const std::string& path, BootTime until);

}  // namespace coord::commands
