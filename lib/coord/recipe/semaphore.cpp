#include "coord/recipe/semaphore.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coord/base/layout.hpp"
#include "coord/recipe/entry.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/vanish.hpp"

namespace coord::recipe {

using etcd::Compare;
using etcd::CompareResult;

// What one read of all contenders found.
struct Semaphore::Line {
  std::vector<KeyAt> older;  // oldest first; all of them if our key is not there
  std::vector<Share> shares;
  std::optional<etcd::KeyValue> own;
  std::int64_t revision = 0;

  Line(const etcd::RangeReply& all, const std::string& key, std::int64_t at) : revision(at) {
    for (const etcd::KeyValue& kv : all.kvs) {
      if (kv.key == key) own = kv;
      if (own) break;
      older.push_back({kv.key, kv.create_revision});
      shares.push_back(share_of(kv.value));
    }
  }
};

namespace {

etcd::RangeRequest in_order(const std::string& prefix) {
  auto all = etcd::RangeRequest::first_created(prefix);
  all.limit = 0;
  return all;
}

std::string count_of(std::int64_t slots) {
  return slots == 1 ? "1 slot" : fmt::format("{} slots", slots);
}

}  // namespace

Semaphore::Semaphore(etcd::Client& client, const etcd::Session& session, std::string name,
                     Share ours, HolderInfo info)
    : client_(&client),
      lease_(session.lease()),
      name_(std::move(name)),
      prefix_(layout::lock_prefix(name_)),
      key_(layout::lock_key(name_, lease_)),
      ours_(ours) {
  info.slots = ours.slots;
  info.weight = ours.weight;
  value_ = info.to_json();
}

// Puts our key if it is absent and ONLY_IF holds; reads all.
Result<Semaphore::Line> Semaphore::enter(const Context& ctx, std::vector<Compare> only_if,
                                         bool patient) const {
  etcd::Txn txn;
  txn.compares = std::move(only_if);
  txn.when(Compare::create(key_, CompareResult::equal, 0));
  txn.then(etcd::PutRequest{.key = key_, .value = value_, .lease = lease_});
  txn.then(in_order(prefix_)).otherwise(in_order(prefix_));
  const auto once = [&](const Context& bounded) {
    return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
  };
  COORD_TRY_INTO(const auto reply,
                 as_loss(patient ? patiently(ctx, once) : once(ctx.at_most(kRequestLimit))));
  const auto& all = std::get<etcd::RangeReply>(reply.replies.back());
  return Line(all, key_, reply.header.revision);
}

Result<> Semaphore::check_agreement(const Line& line) const {
  if (line.shares.empty() || line.shares.front().slots == ours_.slots) return {};
  return fail(Code::bad_data, fmt::format("it has {} already, not {}",
                                          count_of(line.shares.front().slots), ours_.slots));
}

namespace {

// That no key of the range is younger than that; 0: that there is none.
Compare nobody_after(const std::string& prefix, std::int64_t revision) {
  Compare all = Compare::create(prefix, CompareResult::less, revision + 1);
  all.range_end = etcd::RangeRequest::prefix(prefix).range_end;
  return all;
}

}  // namespace

Result<Held> Semaphore::acquire(const Context& ctx) {
  COORD_TRY_INTO(Line line, enter(ctx, {nobody_after(prefix_, 0)}, true));
  if (!line.own) {
    COORD_TRY(check_agreement(line));
    COORD_TRY_INTO(line, enter(ctx, {}, true));
  }
  return settle(ctx, line, true);
}

Result<Held> Semaphore::try_acquire(const Context& ctx) {
  COORD_TRY_INTO(Line line, enter(ctx, {nobody_after(prefix_, 0)}, false));
  while (!line.own) {
    COORD_TRY(check_agreement(line));
    if (in_the_way(line.shares, ours_) > 0) return fail(Code::busy, "somebody else has it");
    COORD_TRY_INTO(line, enter(ctx, {nobody_after(prefix_, line.revision)}, false));
  }
  return settle(ctx, line, false);
}

// Our key has just been made, or stands from an attempt whose reply was lost.
Result<Held> Semaphore::settle(const Context& ctx, const Line& line, bool wait) {
  if (!line.own) return fail(Code::lost, "the own key '" + key_ + "' is gone");
  const Held held{name_, key_, line.own->create_revision, line.revision, lease_, true};
  COORD_TRY(check_own(line, held));
  if (const Share found = share_of(line.own->value); found != ours_) {
    return fail(Code::bad_data, fmt::format("this session has it already, with {} of {}",
                                            found.weight, count_of(found.slots)));
  }
  const auto agreed = check_agreement(line);
  const bool fits = in_the_way(line.shares, ours_) == 0;
  if (agreed && fits) return held;
  if (agreed && wait) {
    auto waited = wait_for_room(ctx, held, line);
    return waited ? waited : given_up(*client_, ctx, held, waited.error());
  }
  // A key of ours in line was not put by this try: another process of our session waits there.
  if (agreed) return fail(Code::busy, "somebody else has it");
  COORD_TRY(release(Context(ctx.stop()).at_most(kRequestLimit), held));
  return std::unexpected(agreed.error());
}

Result<Held> Semaphore::wait_for_room(const Context& ctx, Held held, Line line) {
  Vanish vanish(*client_, key_, held.create_revision);
  for (;;) {
    const std::size_t count = in_the_way(line.shares, ours_);
    held.revision = line.revision;
    if (count == 0) return held;
    COORD_TRY(vanish.wait_any(ctx, std::span(line.older).last(count), line.revision));
    COORD_TRY_INTO(const auto all, patiently(ctx, [&](const Context& bounded) {
                     return etcd::Kv(*client_).range(bounded, in_order(prefix_));
                   }));
    line = Line(all, key_, all.header.revision);
    COORD_TRY(check_own(line, held));
  }
}

Result<> Semaphore::check_own(const Line& line, const Held& held) const {
  const bool there = line.own && line.own->create_revision == held.create_revision;
  if (!there) return fail(Code::lost, "the own key '" + key_ + "' is gone");
  if (line.own->mod_revision != held.create_revision)
    return fail(Code::lost, "the own key '" + key_ + "' was overwritten");
  return {};
}

Result<> Semaphore::release(const Context& ctx, const Held& held) {
  return leave_line(*client_, ctx, held);
}

}  // namespace coord::recipe
