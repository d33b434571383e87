// Whole replies as records, for a command of their own and within a transaction.
#pragma once

#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

out::Record put_record(etcd::PutReply reply);
out::Record del_record(etcd::DeleteReply reply);
out::Record range_record(etcd::RangeReply reply);
out::Record txn_record(etcd::TxnReply reply);

}  // namespace coord::commands
