// Incoming: a snapshot on its way into a file. Under its name it is either all there, on the disk,
// or not at all.
//
// Written to PATH.part, which is renamed when the hash that the server put behind the database is
// that of what has come, and the data is on the disk. Removed when this object goes before
// commit(). Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "coord/base/result.hpp"
#include "coord/snapshot/checksum.hpp"

namespace coord::snapshot {

class Incoming {
 public:
  // Code::output when PATH.part cannot be written, Code::busy while another process writes it. What
  // a killed one has left is overwritten.
  static Result<std::unique_ptr<Incoming>> create(const std::string& path);
  ~Incoming();
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  Result<> add(std::string_view piece);  // Code::output
  std::uint64_t size() const { return size_; }
  // Code::bad_data when the hash does not match, Code::output.
  Result<> commit();

 private:
  Incoming(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string part() const { return path_ + ".part"; }
  std::unexpected<Error> failed(std::string_view what) const;

  std::string path_;
  int fd_;
  bool committed_ = false;
  std::uint64_t size_ = 0;
  Sha256 sha_;
  std::string tail_;  // the last 32 bytes so far: the hash, when nothing more comes
};

}  // namespace coord::snapshot
