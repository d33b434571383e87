// Reader: stops when nobody reads our output any more, as `head` does when it has seen enough: the
// next change, whose printing would fail, may be a long time off. One thread of its own.
#pragma once

#include <stop_token>
#include <thread>

#include "coord/base/notifier.hpp"

namespace coord::commands {

class Reader {
 public:
  explicit Reader(int fd);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::stop_token gone() const { return gone_.get_token(); }

 private:
  void run(int fd);

  Notifier over_;
  std::stop_source gone_;
  std::jthread thread_;
};

}  // namespace coord::commands
