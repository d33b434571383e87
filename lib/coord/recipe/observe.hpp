// Observer: follows who leads an election, and what the leader proclaims.
//
// Keys as in election.hpp; reads only.
//   1. read all candidates, at one revision; watch everything under NAME/ from now. When the watch
//      stands and anything was written since the read, read again.
//   2. apply each reply of the watch as a whole to what is known, but nothing that a read has seen
//      already. The leader is the oldest candidate of what is then known. So a candidate that has
//      come and gone before we heard of either is never taken for a leader, as Go's Observe does.
//   3. a broken stream, a compaction, a cancelled watch, 10 s of silence: read again.
// What is told is always true of one revision, and never older than what was told before; the
// newest state is always told in the end. States that were overtaken before we heard of them are
// left out. The watch is of the whole election, so a hand-over costs no request, and the new leader
// is told as soon as the server says that the old one is gone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

struct Observation {
  enum class Kind {
    leader,       // the leader, or its value, is another one than before (or: is told first)
    interrupted,  // etcd is out of reach, once an outage: what was told may be out of date
    resumed,      // it is there again; what has changed meanwhile comes next
  };
  Kind kind = Kind::leader;
  std::optional<etcd::KeyValue> leader;  // nothing: nobody leads
  etcd::Header header;                   // its revision: when that was so
  Error error;                           // interrupted: why
};

// For one thread at a time. CLIENT must outlive it.
class Observer {
 public:
  Observer(etcd::Client& client, const std::string& name);

  // Blocks until there is something to tell; the first call tells who leads now, and is the only
  // one to fail with Code::unavailable. Later ones live through outages. denied; timed_out,
  // cancelled: CTX ended, and the next call goes on where this one was.
  Result<Observation> next(const Context& ctx);

 private:
  using State = std::pair<std::string, std::int64_t>;  // the leader's key and mod revision; none: 0

  Result<> begin(const Context& ctx);
  Result<> look(const Context& ctx);
  Result<> look_again(const Context& ctx);
  Result<> hear(const Context& ctx, const etcd::WatchReply& reply);
  void apply(const etcd::WatchReply& reply);
  void watch();
  std::optional<Observation> take_news();
  const etcd::KeyValue* leader() const;

  etcd::Client* client_;
  std::string prefix_;
  etcd::Watcher watcher_;
  std::int64_t watch_ = 0;
  std::map<std::string, etcd::KeyValue> candidates_;
  etcd::Header seen_;  // the newest revision that is in candidates_
  BootTime next_look_ = kNever;
  bool begun_ = false;
  std::optional<Error> trouble_;  // etcd is out of reach
  bool trouble_told_ = false;
  std::optional<State> told_;
};

}  // namespace coord::recipe
