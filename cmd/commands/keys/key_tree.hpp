// KeyTree: keys as a tree, a level for each '/', drawn as they come: of what was drawn only the
// folders of the last key are kept.
#pragma once

#include <string>
#include <vector>

#include "coord/etcd/types.hpp"

namespace coord::commands {

class KeyTree {
 public:
  // What is to be drawn for the next key, in byte order: the folders that are new, then itself:
  // its last part and, WITH_VALUE, the beginning of the value's first line.
  std::vector<std::string> lines(const etcd::KeyValue& kv, bool with_value);

 private:
  std::vector<std::string> folders_;
};

}  // namespace coord::commands
