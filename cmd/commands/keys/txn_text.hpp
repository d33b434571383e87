// The text of a transaction, line by line, in etcdctl's grammar: comparisons, requests for when all
// of them hold, requests for when one does not. Each of the three blocks ends with an empty line.
#pragma once

#include <string_view>

#include "coord/etcd/kv.hpp"

namespace coord::commands {

class TxnText {
 public:
  enum class Block { compares, success, failure, done };

  Block block() const { return block_; }  // that the next line belongs to

  // One line, without its newline. Code::bad_data, with its number and what is wrong with it.
  Result<> add(std::string_view line);

  // After the last line. Code::bad_data when the text ended within a block: some of it may be
  // missing, and less than what was meant must not be done.
  Result<etcd::Txn> finish() &&;

 private:
  Result<> parse(std::string_view line);

  Block block_ = Block::compares;
  std::size_t lines_ = 0;
  etcd::Txn txn_;
};

}  // namespace coord::commands
