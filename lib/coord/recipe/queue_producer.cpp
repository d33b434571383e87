#include "coord/recipe/queue_producer.hpp"

#include <algorithm>
#include <random>

#include "coord/base/layout_queue.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/priority_queue.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using etcd::CompareResult;

namespace {

constexpr auto kLateTries = std::chrono::seconds{600};

etcd::Compare absent(const std::string& key) {
  return {key, etcd::CompareTarget::version, CompareResult::equal, 0, {}, {}};
}

// Others are adding to the same priority: not all of us again at the same moment.
void step_back(const Context& ctx, int tries) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  const auto most = static_cast<unsigned>(1 << std::min(tries, 5));
  ctx.sleep(std::chrono::milliseconds{chance() % most});
}

}  // namespace

QueueProducer::QueueProducer(etcd::Client& client, std::string name,
                             std::optional<std::uint16_t> priority)
    : client_(&client),
      name_(std::move(name)),
      priority_(priority),
      own_key_(layout::producer_key(name_, layout::unique_digits())),
      batches_(name_.size() * 2 + 100) {}  // its key stands in a compare too

Result<> QueueProducer::put(const Context& ctx, std::span<const std::string> items,
                            std::vector<Written>& done) {
  return batches_.put(items, [&](Batches::Items batch) { return put_batch(ctx, batch, done); });
}

Result<> QueueProducer::put_batch(const Context& ctx, std::span<const std::string> items,
                                  std::vector<Written>& done) {
  in_doubt_ = false;
  for (int tries = 0;; ++tries) {
    COORD_TRY_INTO(Batch batch, batch_of(ctx, items));
    const auto committed = commit(*client_, ctx, batch.txn, &in_doubt_);
    if (!committed) {
      was_in_doubt_ = was_in_doubt_ || in_doubt_;
      return std::unexpected(committed.error());
    }
    in_doubt_ = false;
    was_in_doubt_ = was_in_doubt_ || committed->in_doubt;
    COORD_TRY_INTO(const auto revision, done_at(*committed));
    if (revision) {
      ++number_;
      for (std::string& key : batch.keys) done.push_back({std::move(key), *revision});
      return {};
    }
    COORD_TRY(ctx.check("enqueue"));
    step_back(ctx, tries);
  }
}

Result<QueueProducer::Batch> QueueProducer::batch_of(const Context& ctx,
                                                     std::span<const std::string> items) {
  Batch batch;
  PriorityPlace place;
  batch.txn.when(etcd::Compare::mod(own_key_, CompareResult::equal, own_revision_));
  if (priority_) {
    COORD_TRY_INTO(place, patiently(ctx, [&](const Context& bounded) {
                     return last_place(*client_, bounded, name_, *priority_);
                   }));
    batch.txn.when(none_added_after(name_, *priority_, place.revision));
    batch.txn.then(bookkeeping(name_, *priority_));
  }
  const std::string digits = layout::unique_digits();
  for (const std::string& item : items) {
    std::string key = priority_ ? layout::priority_item(name_, *priority_, place.next++)
                                : layout::fifo_item(name_, digits, batch.keys.size());
    batch.txn.when(absent(key)).then(etcd::PutRequest{.key = key, .value = item});
    batch.keys.push_back(std::move(key));
  }
  batch.txn.then(etcd::PutRequest{.key = own_key_, .value = std::to_string(number_)});
  batch.txn.otherwise(etcd::RangeRequest{.key = own_key_});
  return batch;
}

// The revision at which the batch was put; nothing when it was not, and will not be.
Result<std::optional<std::int64_t>> QueueProducer::done_at(const CommitOutcome& committed) {
  if (committed.reply.succeeded) return own_revision_ = committed.reply.header.revision;
  const auto& own = committed.reply.range(0).kvs;
  if (own.empty()) {
    if (committed.in_doubt && own_revision_ != 0) {
      in_doubt_ = true;
      return fail(Code::unavailable, "the reply was lost, and the queue was purged meanwhile");
    }
    if (own_revision_ != 0) own_key_ = layout::producer_key(name_, layout::unique_digits());
    own_revision_ = 0;
    return std::nullopt;
  }
  own_revision_ = own.front().mod_revision;
  if (own.front().value == std::to_string(number_)) return own_revision_;
  return std::nullopt;
}

Result<> QueueProducer::close(const Context& ctx) {
  if (own_revision_ == 0 && !was_in_doubt_) return {};
  if (!was_in_doubt_) {
    COORD_TRY(etcd::Kv(*client_).remove(ctx, {.key = own_key_}, etcd::Repeat::safe));
    return {};
  }
  COORD_TRY_INTO(const auto lease, etcd::Lease(*client_).grant(ctx, kLateTries));
  COORD_TRY(etcd::Kv(*client_).put(ctx, {.key = own_key_, .value = "closed", .lease = lease.id},
                                   etcd::Repeat::safe));
  return {};
}

}  // namespace coord::recipe
