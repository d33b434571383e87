#include "coord/recipe/publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "coord/base/layout_queue.hpp"
#include "coord/base/layout_topic.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/commit.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;

namespace {

constexpr int kMostTries = 5;  // keys that are taken, leases that go at once

std::chrono::seconds unix_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now);
}

struct Batch {
  etcd::Txn txn;
  std::vector<std::string> keys;
  std::int64_t lease = 0;
};

Batch batch_of(const std::string& topic, Batches::Items messages, std::int64_t lease) {
  Batch batch{.txn = {}, .keys = {}, .lease = lease};
  const std::string digits = layout::unique_digits();
  for (const std::string& message : messages) {
    batch.keys.push_back(layout::message_key(topic, digits, batch.keys.size()));
    batch.txn.then(etcd::PutRequest{.key = batch.keys.back(), .value = message, .lease = lease});
  }
  const std::string& first = batch.keys.front();
  batch.txn.when(etcd::Compare::create(first, etcd::CompareResult::equal, 0));
  batch.txn.otherwise(etcd::RangeRequest{.key = first});
  return batch;
}

}  // namespace

std::chrono::seconds retention_slice(std::chrono::seconds retain) {
  return std::clamp<std::chrono::seconds>(retain / 60, 1s, 1h);
}

// FNV-1a, with the mixing of SplitMix64 behind it; the same on every host and in every build.
std::int64_t retention_lease(const std::string& topic, std::chrono::seconds retain,
                             std::chrono::seconds now) {
  const std::int64_t slice = now / retention_slice(retain);
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : fmt::format("{}\n{}\n{}", retain.count(), slice, topic)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
  hash ^= hash >> 31U;
  return std::max<std::int64_t>(static_cast<std::int64_t>(hash >> 1U), 1);
}

Publisher::Publisher(etcd::Client& client, std::string topic,
                     std::optional<std::chrono::seconds> retain)
    : client_(&client), topic_(std::move(topic)), retain_(retain), batches_(topic_.size() + 100) {}

Result<> Publisher::put(const Context& ctx, Batches::Items messages, std::vector<Written>& done) {
  return batches_.put(messages, [&](Batches::Items batch) { return put_batch(ctx, batch, done); });
}

// A batch whose first reply was lost is tried again as it is, for it may still come to be done.
Result<> Publisher::put_batch(const Context& ctx, Batches::Items messages,
                              std::vector<Written>& done) {
  const BootTime start = BootClock::now();
  const std::string leased = client_->options().name_space + topic_;
  Batch batch;
  in_doubt_ = false;
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (!in_doubt_) {
      const std::int64_t lease = retain_ ? retention_lease(leased, *retain_, unix_time()) : 0;
      batch = batch_of(topic_, messages, lease);
    }
    bool lost_reply = false;
    auto committed = commit(*client_, ctx, batch.txn, &lost_reply);
    in_doubt_ = in_doubt_ || lost_reply;
    if (!committed && batch.lease != 0 && committed.error().code == Code::not_found) {
      if (in_doubt_ && BootClock::now() - start >= *retain_)  // it may have been there, and expired
        return fail(Code::unavailable, "the reply was lost, and then the lease of the messages");
      COORD_TRY(grant(ctx, batch.lease));
      continue;
    }
    if (!committed) return std::unexpected(std::move(committed).error());
    std::int64_t revision = committed->reply.header.revision;
    if (!committed->reply.succeeded) {
      const etcd::KeyValue& found = committed->reply.range(0).kvs.at(0);
      const bool ours = std::exchange(in_doubt_, false) && found.value == messages.front();
      if (!ours) continue;  // somebody else's
      revision = found.create_revision;
    }
    in_doubt_ = false;
    for (std::string& key : batch.keys) done.push_back({std::move(key), revision});
    return {};
  }
  return fail(Code::unavailable, "the lease that keeps the messages is gone again and again");
}

Result<> Publisher::grant(const Context& ctx, std::int64_t lease) {
  const auto ttl = *retain_ + retention_slice(*retain_);
  const auto granted = patiently(ctx, [&](const Context& bounded) {
    return etcd::Lease(*client_).grant(bounded, ttl, lease);
  });
  if (granted || granted.error().message.contains("already exists")) return {};
  return std::unexpected(granted.error());
}

}  // namespace coord::recipe
