// What must hold for a write to be done: --if-absent, --if-revision, --if-value, --if-held.
//
// --if-held guards a write by the locks of the coord that runs us: each key of COORD_LOCK_KEY (or
// COORD_ELECTION_KEY) must exist with a create revision of at most COORD_LOCK_REV. A key that was
// made anew has a greater one, so the store itself refuses the write once the lock has gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct Conditions {
  bool absent = false;
  std::optional<std::int64_t> revision;
  std::optional<std::string> value;
  bool held = false;

  bool of_key() const { return absent || revision || value; }
  bool any() const { return of_key() || held; }
};

struct HeldKey {
  std::string key;
  std::int64_t revision = 0;  // the fencing token
};

void add_held(CLI::App& app, bool& held);
void add_conditions(CLI::App& app, Conditions& conditions);  // without --if-absent
Result<> check_conditions(const Conditions& conditions);     // Code::usage

// From our environment. Code::usage when there is none, or it makes no sense.
Result<std::vector<HeldKey>> held_keys();

// OP, done only if CONDITIONS hold for KEY; else reads that tell why not.
Result<etcd::Txn> guarded(const Conditions& conditions, const std::string& key, etcd::Op op);

// Sends it, never twice: a second try could not tell the first one's work from somebody else's. An
// error says so when it may have been done.
Result<etcd::TxnReply> send_once(etcd::Client& client, const Context& ctx, const etcd::Txn& txn);

// TXN, done only if the keys are held; else it reads them, after what it would do.
void add_guards(etcd::Txn& txn, const std::vector<HeldKey>& held);
// The first of KEYS that is gone, by those reads, which begin at OFFSET of the reply. Nothing when
// all are held.
std::optional<std::string> lost_key(const std::vector<HeldKey>& held, const etcd::TxnReply& reply,
                                    std::size_t offset);
Error not_held(const std::string& key);

// Why guarded() was refused. Code::compare_failed.
Error refusal(const Conditions& conditions, const etcd::TxnReply& reply);

}  // namespace coord::commands
