// Election: the election of etcd's Go package concurrency, key for key, with a proof of leadership.
//
// Keys: NAME/LEASE, value: the proposal. The candidate with the lowest create revision leads.
// Beside it, under the same lease, "__coord/holders/NAME/LEASE/info": who stands behind it (Go has
// no such key, and never sees it).
//   campaign  one transaction: if our key is absent, put it and the holder with our lease; either
//             way read the oldest candidate. Ours was there with another value: proclaim ours. Then
//             wait in line (wait.hpp); the last read proves that nobody is older and our key
//             stands.
//   try       one transaction: if there is no candidate at all, put ours. A refused one leaves no
//             trace.
//   proclaim  if the key's create revision is still ours, put the value; the lease stays as it is.
//   resign    if the key's create revision is still ours, delete it and the holder.
// All may be repeated after a lost reply: the key is named by our lease and compared by create
// revision, which no key ever gets twice. What breaks it: two users of one session on one name are
// one candidate; a put on the key without the lease; any key under NAME/ counts as a candidate.
// Specified by client/v3/concurrency/election.go, which lacks the proof.
#pragma once

#include "coord/etcd/session.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

// What proclaim and resign need to know of a candidate's key: in this process from Held, elsewhere
// from what the leader told of itself. It says which key exactly, so that no prefix is searched and
// an election whose name begins alike is never meant (Go's ResumeElection searches the prefix that
// it is given, without a slash).
struct CandidateKey {
  std::string key;
  std::int64_t create_revision = 0;
};

struct Leader {
  etcd::KeyValue kv;  // its value is what the leader proclaimed last
  etcd::Header header;
};

class Candidate {
 public:
  // SESSION's lease is the identity; CLIENT and SESSION must outlive the candidate.
  Candidate(etcd::Client& client, const etcd::Session& session, std::string name,
            std::string proposal, const HolderInfo& info);

  // Blocks until it leads, through outages of etcd too. Code::lost: our place in line is gone (the
  // lease ended); denied; timed_out, cancelled. After an error the key may still stand: close the
  // session, or resign().
  Result<Held> campaign(const Context& ctx);

  // One round trip. Code::busy when anybody else leads or waits.
  Result<Held> try_campaign(const Context& ctx);

  const std::string& key() const { return key_; }

 private:
  etcd::Txn request(etcd::Compare condition, bool with_holder) const;
  Result<etcd::TxnReply> send(const Context& ctx, const etcd::Compare& condition, bool wait);
  Result<Held> settle(const Context& ctx, const etcd::TxnReply& reply, bool wait);

  etcd::Client* client_;
  std::int64_t lease_;
  std::string name_;
  std::string prefix_;
  std::string key_;
  std::string proposal_;
  std::string holder_;
};

// Changes what CANDIDATE stands for, while it leads or waits. The revision at which it was written.
// Code::lost: the key is no longer that candidate's. Blocks within CTX.
Result<std::int64_t> proclaim(etcd::Client& client, const Context& ctx,
                              const CandidateKey& candidate, const std::string& proposal);

// Takes CANDIDATE out of the election. Whether it stood when this began; false: nothing was done.
// Two round trips: the first look is what tells a repeated deletion from somebody else's.
Result<bool> resign(etcd::Client& client, const Context& ctx, const CandidateKey& candidate);

// Who leads NAME. Code::not_found: nobody. One round trip.
Result<Leader> leader_of(etcd::Client& client, const Context& ctx, const std::string& name);

}  // namespace coord::recipe
