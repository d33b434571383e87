// commit(): a transaction that is written in such a way that a second try shows what became of the
// first. Tells whether there was a second one.
#pragma once

#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct CommitOutcome {
  etcd::TxnReply reply;
  bool in_doubt = false;  // a reply was lost: a refusal may mean that an earlier try was done
};

// Repeats TXN until etcd answers or CTX ends. Errors as patiently() has them; then IN_DOUBT, if
// given, says whether a try left us, so that it may have been done all the same.
Result<CommitOutcome> commit(etcd::Client& client, const Context& ctx, const etcd::Txn& txn,
                             bool* in_doubt = nullptr);

// Was the transaction refused because it has too many operations or bytes?
bool is_too_large(const Error& error);

}  // namespace coord::recipe
