// LocalScratch: the temporary folder of a throw-away etcd, and that etcd.
//
// Its owner keeps a file lock on the folder, so that what a killed owner left behind is known, and
// removed by whoever makes the next one. Not for several threads; moves only before start().
#pragma once

#include <optional>
#include <string>

#include "cmd/commands/tools/local_places.hpp"
#include "coord/proc/child.hpp"

namespace coord::commands {

class LocalScratch {
 public:
  // In TMPDIR, else in /tmp. Code::config when the socket's path would be too long, Code::os.
  static Result<LocalScratch> create();
  ~LocalScratch() { remove(); }
  LocalScratch(LocalScratch&& other) noexcept = default;
  LocalScratch& operator=(LocalScratch&& other) = delete;

  LocalPlaces places() const { return {folder_, folder_}; }

  // As start_etcd() has it; the process belongs to this.
  Result<> start();
  proc::Child& etcd() { return *etcd_; }  // after start()

  // Kills etcd and removes the folder; the destructor does it too. Blocks until both are gone.
  void remove();

 private:
  LocalScratch(std::string folder, proc::Fd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::string folder_;
  proc::Fd lock_;  // none once it is removed, or was moved from
  std::optional<proc::Child> etcd_;
};

}  // namespace coord::commands
