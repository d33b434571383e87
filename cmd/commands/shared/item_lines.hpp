// ItemLines: cuts a stream into items, as far as it has come.
#pragma once

#include <string>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::commands {

class ItemLines {
 public:
  // Readable STOP ends each wait for FD, also in the middle of an item.
  ItemLines(int fd, char end, int stop = -1) : fd_(fd), end_(end), stop_(stop) {}

  // What is there, without the bytes that end them; nothing at the end of the stream. Blocks until
  // there is at least one item. The last one need not be ended. Code::os; Code::cancelled by
  // STOP; Code::bad_data for an item that etcd would never take.
  Result<std::vector<std::string>> next();

 private:
  Result<> await() const;
  Result<bool> fill();  // false: the end

  int fd_;
  char end_;
  int stop_;
  std::string rest_;
  bool over_ = false;
};

}  // namespace coord::commands
