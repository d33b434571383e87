// Publisher: puts messages into a topic, each exactly once. Subscriber (topic.hpp) reads them.
//
// Keys: base/layout_topic.hpp. A message is a key of its own, whose name is drawn by chance, so
// publishers never get into each other's way; what orders messages is their revision.
//   publish  one transaction for up to 125: if the first key does not exist, put them all, else
//            read it. It exists after a reply was lost: an earlier try was done. A try that comes
//            late finds the key and does nothing.
// Retention: messages hang on leases, one for all of a topic, of all publishers, in a slice of time
// (a sixtieth of the retention, from a second to an hour): its id is made of the topic, the
// retention and the number of the slice, so each knows it without asking. The transaction is tried
// at once; where the lease is not there the first who needs it grants it, for the retention and one
// slice more. So a message lives for RETAIN at least, by the publisher's clock, and its lease
// guards the repetition too: once the message may have expired a second try fails. A lease that is
// not there before that never was, and the same try is made again under it.
// What breaks it: an operator who deletes a message between two tries of the same batch.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/recipe/batches.hpp"

namespace coord::recipe {

// For one thread. CLIENT must outlive it.
class Publisher {
 public:
  // RETAIN: for at least so long; nothing: for ever. etcd raises what is below 2 s.
  Publisher(etcd::Client& client, std::string topic, std::optional<std::chrono::seconds> retain);

  // Publishes in order and appends what was put to DONE. Blocks until etcd answers or CTX ends.
  // After an error those that are not in DONE were not put; of the batch under way nobody knows
  // when in_doubt().
  Result<> put(const Context& ctx, Batches::Items messages, std::vector<Written>& done);
  bool in_doubt() const { return in_doubt_; }

 private:
  Result<> put_batch(const Context& ctx, Batches::Items messages, std::vector<Written>& done);
  Result<> grant(const Context& ctx, std::int64_t lease);

  etcd::Client* client_;
  std::string topic_;
  std::optional<std::chrono::seconds> retain_;
  Batches batches_;
  bool in_doubt_ = false;
};

// How long one lease takes messages, and its id for the messages of Unix time NOW.
std::chrono::seconds retention_slice(std::chrono::seconds retain);
std::int64_t retention_lease(const std::string& topic, std::chrono::seconds retain,
                             std::chrono::seconds now);

}  // namespace coord::recipe
