// LiveRange: the keys of a range (or one key), and all that happens to them, without a gap.
//
// Reads only.
//   1. read the range in pages, all at one revision R; then watch it from R + 1, so that nothing in
//      between is missed.
//   2. apply each reply of the watch as a whole; several events of one revision belong together. A
//      stream that breaks goes on right behind the last event (etcd/watch.hpp).
//   3. where that cannot be: a compaction that overtook us, a watch that the server ended, a store
//      that was set back: read all again at one revision and tell what brings the old state to the
//      new one, as `relisted`. What happened in between one by one is then not known.
//   4. after 10 s of silence ask for what is newer than all that was told, in case that the watched
//      member is cut off and silent; what the watch then still does not tell is read as in 3.
// What is told is in the order of the revisions, and the newest state is always told in the end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

struct RangeNews {
  enum class Kind {
    listed,       // all keys, or with Keep::revisions a page of them
    changed,      // the events of one reply of the watch
    relisted,     // the difference after a gap: removals in key order, then puts by revision
    interrupted,  // etcd is out of reach, told once an outage
    resumed,      // it is there again; what has changed meanwhile comes next
  };
  Kind kind = Kind::changed;
  etcd::Header header;              // listed, relisted: of the revision that was read
  std::vector<etcd::Event> events;  // changed, relisted, and pages; of what was not known
  bool more = false;                // listed: another page follows
  std::int64_t gap_from = 0;        // relisted: the revisions of which only the outcome is known
  std::int64_t gap_to = 0;          // lower than gap_from where the store was set back
  Error error;                      // interrupted: why
};

enum class Keep {
  values,     // keys() has all; an event has in prev_kv what was there, except where it was nothing
  revisions,  // keys() has revisions and leases only, to save memory; the list comes in pages
};

struct RangeFollowed {
  std::string key;
  std::string range_end;  // empty: that key alone; "\0": to the end
  Keep keep = Keep::values;
  bool prev_kv = false;  // for Keep::revisions: ask the server for them
  static RangeFollowed prefix(std::string prefix, Keep keep = Keep::values);
};

// For one thread at a time. CLIENT must outlive it.
class LiveRange {
 public:
  using Keys = std::map<std::string, etcd::KeyValue>;

  // PAGE_SIZE is for tests, as in etcd::RangePages.
  LiveRange(etcd::Client& client, RangeFollowed range, std::int64_t page_size = 0);

  // Blocks until there is something to tell. The first call lists; only until the list is whole may
  // it fail with Code::unavailable, later ones live through outages. denied; timed_out, cancelled:
  // CTX ended, and the next call goes on where this one was, also in the middle of a list. A
  // removal that only a list has shown has that list's revision.
  Result<RangeNews> next(const Context& ctx);

  const Keys& keys() const { return keys_; }  // as of the last news

 private:
  struct Listing {
    etcd::RangePages pages;
    Keys::iterator known;  // the first of keys_ that is behind what was read
    etcd::Header header;   // of the first page
    std::vector<etcd::Event> removed, changed;
  };

  Result<> list(const Context& ctx);
  Result<> read_page(const Context& ctx);
  Result<> list_failed(const Context& ctx, const Error& error);
  void compare(Listing& listing, etcd::RangeReply page, bool last);
  void tell_page(bool last);
  void tell_list(Listing listing);
  void finish(Listing listing);
  void watch_on();
  Result<> listen(const Context& ctx);
  Result<> hear(etcd::WatchReply reply);
  void take(etcd::WatchReply reply);
  void apply(std::vector<etcd::Event>& events);
  Result<> check(const Context& ctx);
  void list_again(Duration pause = {});
  std::optional<RangeNews> take_news();

  etcd::Client* client_;
  RangeFollowed range_;
  std::int64_t page_size_;
  etcd::Watcher watcher_;
  std::int64_t watch_ = 0;
  Keys keys_;
  etcd::Header seen_;  // the newest revision that is in keys_
  bool listed_ = false;
  BootTime list_at_{};  // when to read all; kNever: it was read
  BootTime check_at_ = kNever;
  std::optional<std::int64_t> doubted_;  // what was seen when a check found something newer
  std::optional<Listing> listing_;
  std::optional<Error> trouble_;
  bool trouble_told_ = false;
  std::optional<RangeNews> news_;
};

}  // namespace coord::recipe
