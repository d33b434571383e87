// Census: how many locks, elections, queues … a store holds, as far as keys tell. Reads only.
//
// The layouts are those of Go's packages, without any mark, so what counts is the shape of a key
// and its lease (base/layout.hpp):
//   NAME/LEASE that hangs on that lease    lock, semaphore or election; the value of the oldest key
//                                          of NAME tells which, as contenders.hpp says
//   NAME/read/NANOS, NAME/write/NANOS      rwlock, with a lease
//   NAME/waiters/NANOS                     double barrier, with a lease
//   NAME/HOST:PORT                         instance of service NAME, with a lease
//   NAME/DIGITS, NAME/%05d/%016d           item of a queue, without a lease
//   __NAME/claims/LEASE/…                  item that somebody works on
//   __coord/sessions/LEASE                 session
// Whoever names his own keys so is counted. What cannot be told: a barrier, which is a bare key
// (but one that coord holds with a lease has a holder in its value); services of other layouts;
// queues of which all items are claimed.
//
// One pass over all keys, without values, in pages at one revision; memory grows with how deep
// names nest, not with how many there are.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct Tally {
  std::int64_t names = 0;
  std::int64_t keys = 0;  // who hold and wait, items, instances, …
};

struct Census {
  std::int64_t revision = 0;
  std::int64_t keys = 0;  // all of the store
  Tally locks, rwlocks, semaphores, elections;
  Tally queues;  // with their items that wait
  std::int64_t dead_items = 0;
  std::int64_t claimed_items = 0;
  Tally double_barriers;
  std::int64_t leased_barriers = 0;
  Tally services;
  std::int64_t sessions = 0;
};

// The part that asks nobody. Keys are shown to it in byte order, none twice.
class Count {
 public:
  // A key whose value decides what it and its like are.
  struct Question {
    enum class About { contenders, barrier };
    About about = About::contenders;
    std::string key;
    std::int64_t keys = 0;  // that the answer is about
  };

  void show(const etcd::KeyValue& kv);
  void end();  // after the last key

  // What is to be asked by now; the caller answers each.
  std::vector<Question> take_questions();
  // VALUE of the key; nothing if it has gone. HAS_HOLDER: coord has put its holder elsewhere, which
  // it does for a candidate.
  void answer(const Question& question, const std::optional<std::string>& value, bool has_holder);

  Census& census() { return census_; }

 private:
  enum Kind { rwlock, double_barrier, service, queue, kKinds };
  // A name of which more keys may come: the key that was shown last begins with it.
  struct Open {
    std::string name;
    std::array<bool, kKinds> seen{};
    std::int64_t contenders = 0;
    std::int64_t oldest_revision = 0;
    std::string oldest;
  };

  bool show_own(const etcd::KeyValue& kv);
  bool show_leased(const etcd::KeyValue& kv);
  Open& open(std::string_view name);
  void count(std::string_view name, Kind kind, Tally& tally);
  void close_all_but(std::string_view key);
  void close(const Open& name);

  Census census_;
  std::vector<Open> open_;  // each begins with the one before it and "/"
  std::vector<Question> questions_;
};

// Code::denied where not every key of the client's namespace may be read; unavailable, which is
// also what it is without a majority; compacted, when the store is compacted too soon again and
// again. Each request ends within LIMIT.
Result<Census> take_census(etcd::Client& client, const Context& ctx, Duration limit);

}  // namespace coord::recipe
