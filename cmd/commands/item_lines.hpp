// ItemLines: cuts a stream into items, as far as it has come.
#pragma once

#include <string>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::commands {

class ItemLines {
 public:
  ItemLines(int fd, char end) : fd_(fd), end_(end) {}

  // What is there, without the bytes that end them; nothing at the end of the stream. Blocks until
  // there is at least one item. The last one need not be ended. Code::os; Code::bad_data for an
  // item that etcd would never take.
  Result<std::vector<std::string>> next();

 private:
  Result<bool> fill();  // false: the end

  int fd_;
  char end_;
  std::string rest_;
  bool over_ = false;
};

}  // namespace coord::commands
