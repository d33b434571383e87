// Subscriber: the messages of a topic, in the order of their revisions, each once, none left out.
//
// Messages are the puts under TOPIC/ (publisher.hpp), those of `etcdctl put` and of topics below
// too; deletions are none. Those of one revision come in the order of their keys. Reads only.
//   1. what is there already (`beginning`): read at one revision R, in pages in the order of mod
//      revision, each from the revision at which the last one ended; then watch from R + 1. For
//      each page the server looks at the whole topic, so pages are as large as 4 MiB.
//   2. else watch from the revision behind the position. A stream that breaks goes on right behind
//      the last event (etcd/watch.hpp).
//   3. where those revisions are compacted up to C: tell the gap, exactly; what was published in it
//      and is still there at C is read as in 1, at C; then watch from C + 1.
//   4. after 10 s of silence ask for what is newer, in case that the member is cut off and silent.
// Memory: a page, or what the watcher keeps for a reader that is slow; then it stops listening and
// reads the history later, and if that was compacted meanwhile it is a gap. What breaks it: a store
// that was set back to an older revision, which is an error.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/watch.hpp"
#include "coord/recipe/bookmark.hpp"

namespace coord::recipe {

struct Delivery {
  enum class Kind {
    message,
    gap,          // what was published from GAP_FROM to GAP_TO and is gone was not seen
    caught_up,    // what was there before is through
    interrupted,  // etcd is out of reach, told once an outage
    resumed,      // it is there again; nothing was missed unless a gap follows
  };
  Kind kind = Kind::message;
  etcd::KeyValue message;
  Position position;  // message, caught_up: where to go on once all so far was dealt with
  std::int64_t gap_from = 0;
  std::int64_t gap_to = 0;
  Error error;  // interrupted: why
};

struct From {
  enum class Kind {
    beginning,  // what is there, and what comes
    now,        // what comes
    position,   // what comes behind it
  };
  Kind kind = Kind::now;
  Position position;
  bool must_exist = false;  // the position was reached once: it can't be in the future
};

// For one thread at a time. CLIENT must outlive it.
class Subscriber {
 public:
  // The rest is for tests. PAGE_SIZE: so many at first, and never adapted. SILENCE: see 4 above.
  Subscriber(etcd::Client& client, const std::string& topic, From from, std::int64_t page_size = 0,
             Duration silence = std::chrono::seconds{10});

  // To be called once, first. One short read, whose errors are those of etcd/kv.hpp. The position
  // that it begins behind; nothing at the beginning. Code::bad_data: the store was set back, or
  // the position is still to come.
  Result<std::optional<Position>> begin(const Context& ctx);

  // Blocks until there is something to tell; lives through outages. Code::bad_data: the store was
  // set back; denied; timed_out, cancelled: CTX ended, and the next call goes on where this one
  // was.
  Result<Delivery> next(const Context& ctx);

  // Is something there that next() tells without waiting?
  bool has_more() const { return !pending_.empty(); }

 private:
  static constexpr std::int64_t kFirstPage = 64;  // of messages whose size nobody knows

  Result<> list(const Context& ctx);
  Result<> list_anew(const Context& ctx);
  void take_part(std::vector<etcd::KeyValue> page);
  Result<> listen(const Context& ctx);
  Result<> hear(const Context& ctx, etcd::WatchReply reply);
  Result<> on_silence(const Context& ctx);
  Result<std::int64_t> look(const Context& ctx);
  void on_compacted(std::int64_t revision);
  void list_at(std::int64_t revision);
  void take(std::vector<etcd::KeyValue> messages);
  void size_next(const etcd::RangeReply& page);
  etcd::RangeRequest newer() const;

  etcd::Client* client_;
  std::string prefix_;
  From from_;
  etcd::Watcher watcher_;
  std::int64_t watch_ = 0;
  bool interrupted_ = false;  // which was told, and not yet that it goes on
  bool lists_ = false;        // or watches
  Position done_;             // all up to here is in pending_, or was told
  std::int64_t known_ = 0;    // a revision that the store has had
  std::int64_t listed_ = 0;   // the revision of the list
  std::int64_t checked_ = 0;  // in silence: up to here nothing was kept back
  bool fixed_ = false;
  std::int64_t page_size_;
  Duration silence_;
  BootTime silent_at_ = kNever;
  std::deque<Delivery> pending_;
};

}  // namespace coord::recipe
