// Software transactional memory: a function that reads and writes keys, and takes effect as if
// nobody else had been there, or not at all. Go's concurrency.NewSTM on the wire.
//
// Protocol. An attempt reads through transactions of ranges and remembers what it read; writes wait
// in memory. It ends in one transaction:
//   IF    each key that was read still has the mod revision that was seen (0: absent), and under
//         serializable_snapshot each key to be written is unchanged since the first read
//   THEN  the puts and deletes      ELSE  a range of each key read, which seeds the next attempt
// When the IF fails the function runs again, from the start: it must have no other effects.
// Phantoms are possible: no ranges are read. Specified by etcd's client/v3/concurrency/stm.go.
//
// Where we do more than Go: attempts are limited and spaced by a random, growing pause; a member
// that lags behind the revision of the first read is asked again for a current answer; a read whose
// revision was compacted away begins a new attempt; a commit of repeatable_reads without writes
// carries a range, so that a majority answers it.
//
// A commit whose reply was lost is sent again when it can take effect only once (a key that it puts
// is in the IF too). If that succeeds, it was done exactly once. If the IF fails, the history of
// the written keys decides: where the first change since the read is not ours, or those of several
// keys are not of one revision, nothing was done and the next attempt begins. Where it is the same
// as ours it may be somebody's equal write, and then, as for a commit that cannot be sent again,
// the error says that it is not known (Error::uncertain). The function is never run again in doubt.
// (A first commit that is still on its way could only succeed if every key in the IF were absent
// when read and absent again.)
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

// What an attempt sees, and what makes it fail. Weaker ones are cheaper and see more.
enum class Isolation {
  serializable_snapshot,  // reads are of one revision; neither they nor the written keys changed
  serializable,           // reads are of one revision and did not change; writes may overwrite
  repeatable_reads,  // each read is of its own time, maybe stale; none changed until the commit
  read_committed,    // nothing is checked: the last one to write wins
};

struct StmOptions {
  Isolation isolation = Isolation::serializable_snapshot;
  int attempts = 0;  // at most so many; 0: as many as it takes
  // How long etcd may leave one request unanswered, before Code::unavailable; nothing: as long as
  // the context allows.
  std::optional<Duration> patience = std::nullopt;
};

struct Committed {
  etcd::Header header;  // its revision is the one at which all writes took effect
  int attempts = 0;     // how often the function ran
};

// One attempt, as the function sees it. One thread. A read blocks for a round trip, unless the key
// was read or written before; when it fails the function should return its error: the attempt is
// over, whatever the function makes of it.
class Stm {
 public:
  struct Seen {
    std::optional<etcd::KeyValue> kv;  // nothing: there was no such key
    std::int64_t revision = 0;         // at which it was read
  };
  struct Write {
    bool removes = false;
    std::string value;
    std::int64_t lease = 0;
  };
  using Reads = std::map<std::string, Seen, std::less<>>;
  using Writes = std::map<std::string, Write, std::less<>>;

  // The value; nothing when there is no such key. Own writes are seen.
  Result<std::optional<std::string>> get(const std::string& key);
  // The same for several, in their order; those not read so far in one round trip.
  Result<std::vector<std::optional<std::string>>> get(const std::vector<std::string>& keys);
  // Of the key as it is in the store: the revision of its last change (0: absent), and its lease.
  Result<std::int64_t> rev(const std::string& key);
  Result<std::int64_t> lease(const std::string& key);

  // Without a LEASE the key loses the one that it has, as with any put.
  void put(const std::string& key, std::string value, std::int64_t lease = 0);
  void remove(const std::string& key);

  Isolation isolation() const { return options_->isolation; }
  const Reads& reads() const { return reads_; }
  const Writes& writes() const { return writes_; }

 private:
  friend class StmRun;
  Stm(etcd::Client& client, const Context& ctx, const StmOptions& options, Reads seeds);

  bool reads_one_revision() const;
  Result<> fetch(const std::vector<std::string>& keys);
  Result<> take(const std::vector<std::string>& keys, const etcd::TxnReply& reply);
  void use_seeds(const std::vector<std::string>& keys);
  Result<etcd::TxnReply> read(const std::vector<std::string>& keys, bool serializable);

  etcd::Client* client_;
  Context ctx_;
  const StmOptions* options_;
  Reads seeds_;  // of the attempt before this one, all of one revision
  Reads reads_;
  Writes writes_;
  std::int64_t base_ = 0;        // the revision of the first read, where all reads are of one
  bool outdated_ = false;        // that revision can no longer be read
  std::optional<Error> failed_;  // a read failed
};

// Runs BODY until an attempt of it is committed. BODY's own error ends it, and nothing is written.
// Code::compare_failed: the attempts are used up. Code::bad_data: more keys than a transaction
// takes. Code::unavailable: etcd did not answer; with `uncertain` it may have been done. denied,
// timed_out, cancelled (both may be `uncertain` too). Blocks within CTX, BODY apart.
Result<Committed> stm(etcd::Client& client, const Context& ctx, const StmOptions& options,
                      const std::function<Result<>(Stm&)>& body);

}  // namespace coord::recipe
