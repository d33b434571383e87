// BulkPut: many keys written in as few transactions as etcd's limits allow, in their order.
//
// A transaction is sent when the next key does not fit, or is in it already. With `if_absent` each
// is written only IF none of its keys exists; those that do are left out, and the rest is tried
// again, so that no key that is there is ever written over. A transaction whose reply was lost is
// sent again: the second time changes nothing. What was not flushed when this goes is not written.
// Source: etcd's API. One thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct BulkLimits {
  std::size_t operations = 128;                 // of a transaction: etcd's --max-txn-ops
  std::size_t bytes = std::size_t{1} << 20U;    // etcd takes 1.5 MiB, with what is around them
  Duration patience = std::chrono::seconds{5};  // with one request
};

class BulkPut {
 public:
  // CLIENT must outlive it.
  BulkPut(etcd::Client& client, const BulkLimits& limits, bool if_absent)
      : client_(&client), limits_(limits), if_absent_(if_absent) {}

  // Blocks within CTX when a transaction is due. Code::unavailable (`uncertain`: it may have been
  // done), bad_data for what is too large, denied, timed_out, cancelled. After an error the
  // transaction is still there: flush() tries it again.
  Result<> add(const Context& ctx, std::string key, std::string value);
  Result<> flush(const Context& ctx);

  std::int64_t written() const { return written_; }
  std::int64_t skipped() const { return skipped_; }  // they were there
  std::int64_t pending() const { return std::ssize(batch_); }

 private:
  Result<bool> send(const Context& ctx);  // false: some were there, and are left out now

  etcd::Client* client_;
  BulkLimits limits_;
  bool if_absent_;
  std::vector<etcd::PutRequest> batch_;
  std::set<std::string> keys_;  // of the batch
  std::size_t bytes_ = 0;
  std::int64_t written_ = 0;
  std::int64_t skipped_ = 0;
};

}  // namespace coord::recipe
