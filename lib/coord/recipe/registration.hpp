// Registration: keeps an instance of a service listed for as long as this object lives.
//
//   enter   if the key is absent put it with our lease; if it is there with our lease it is ours (a
//           reply was lost). Somebody else's is left alone; to take it over: put it if its mod
//           revision is the one that was read. So two that register one address do not flap: who is
//           taken over says so, and comes back only when the key is gone.
//   keep    follow the key (live_range.hpp). When it goes, with our lease or without it, enter
//           again, with a new lease where the old one was lost. An outage of etcd is lived through.
//   leave   delete the key if it has our lease; or revoke the lease, at the end.
// What we wrote under a lease that we have lost is ours, too, and is replaced.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "coord/base/notifier.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/live_range.hpp"

namespace coord::recipe {

struct Registered {
  std::string key;
  std::string value;
};

enum class Rival { refuse, replace };  // what to do with an entry that is somebody else's

struct Entered {
  std::int64_t revision = 0;      // of the reply
  std::int64_t mod_revision = 0;  // of the key
};

// Puts the entry under LEASE. Blocks through outages within CTX. Code::busy: it is somebody else's
// (also when that changes too fast for `replace`); lost: there is no such lease; denied.
Result<Entered> enter_registry(etcd::Client& client, const Context& ctx, const Registered& entry,
                               std::int64_t lease, Rival rival,
                               const std::set<std::int64_t>& own_leases = {});

// Blocks until nobody else has the entry: it is absent, or goes with a lease that nobody renews any
// more. Code::busy as soon as that lease is seen to be renewed, or if there is none. Then HINT says
// how to take it over. Outages of etcd are waited through. timed_out, cancelled. Without WAIT it
// takes one look: unavailable.
Result<> await_unregistered(etcd::Client& client, const Context& ctx, const Registered& entry,
                            bool wait = true);

struct RegistrationNews {
  enum class Kind {
    listed,
    unlisted,     // as list(false) asked for
    gone,         // deleted, or its lease was lost: it is about to be listed again
    taken,        // somebody else has it now: it comes back when that entry is gone
    interrupted,  // etcd is out of reach
    resumed,
    failed,  // etcd refuses: tried again now and then
  };
  Kind kind = Kind::listed;
  std::int64_t revision = 0;  // listed
  Error error;
};

// One thread of its own; thread-safe.
class Registration {
 public:
  // Takes SESSION over, opens others of its TTL where it is lost. Posts CHANGED when there is news.
  // RIVAL counts for the first time that it is listed. Nothing is listed before list(true).
  Registration(etcd::Client& client, Registered entry, std::unique_ptr<etcd::Session> session,
               Rival rival, Notifier& changed);
  ~Registration();  // leaves the entry to its lease: see close()
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  void list(bool wanted);
  std::vector<RegistrationNews> take_news();
  bool is_listed() const;
  std::int64_t lease() const;

  // Ends it: the entry is gone when this returns without an error. Blocks within CTX.
  Result<> close(const Context& ctx);

 private:
  using Kind = RegistrationNews::Kind;

  void run(const std::stop_token& stop);
  Context one_wait(const std::stop_token& stop);
  void follow(const Context& ctx);
  const etcd::KeyValue* entry() const;
  void reconcile(const Context& ctx);
  void enter(const Context& ctx);
  Result<> renew_session(const Context& ctx);
  void leave(const Context& ctx, std::int64_t lease);
  void set_listed(bool listed);
  void set_taken();
  void tell(Kind kind, std::int64_t revision = 0, Error error = {});
  void failed(Error error);
  bool is_ours(const etcd::KeyValue& kv) const { return leases_.contains(kv.lease); }

  etcd::Client* client_;
  const Registered entry_;
  Notifier* changed_;
  const std::chrono::seconds ttl_;
  // The thread's.
  LiveRange range_;
  Rival rival_;
  std::set<std::int64_t> leases_;  // that were ours
  bool taken_ = false;
  bool failed_ = false;
  bool lease_gone_ = false;  // a request has said so
  BootTime again_at_{};
  std::int64_t written_ = 0;  // at this revision by us: what was heard of older ones is overtaken
  std::int64_t heard_ = 0;

  mutable std::mutex mutex_;
  std::unique_ptr<etcd::Session> session_;
  bool wanted_ = false;
  bool listed_ = false;
  std::vector<RegistrationNews> news_;
  std::stop_source wake_;
  std::jthread thread_;  // last
};

}  // namespace coord::recipe
