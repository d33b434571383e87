#include "coord/recipe/history_watch.hpp"

#include "coord/recipe/history.hpp"

namespace coord::recipe {
namespace {

using Kind = etcd::WatchReply::Kind;

// The first may have begun before the watch itself was there.
constexpr int kRounds = 2;

}  // namespace

HistoryWatch::HistoryWatch(etcd::Client& client, std::string key, std::int64_t from)
    : key_(std::move(key)),
      watcher_(client),
      from_(from),
      id_(watcher_.add({.key = key_, .start_revision = from})) {}

Result<std::vector<etcd::Event>> HistoryWatch::next(const Context& ctx, Duration patience,
                                                    bool looks_for_end) {
  while (end_ == End::none) {
    if (looks_for_end && probe_ == 0) probe();
    const bool has_probe = probe_ != 0;
    auto got = reply(ctx, looks_for_end && !has_probe ? KeyHistory::kSilence : patience);
    if (!got) {
      const bool silent = got.error().code == Code::timed_out && !ctx.expired();
      if (!silent) return std::unexpected(std::move(got).error());
      if (!looks_for_end || has_probe)
        return fail(Code::unavailable, "no answer from etcd", "'coord endpoint health' tells more");
      end_ = End::over;
    } else if (got->id == probe_) {
      take_probe(*got);
    } else if (got->kind == Kind::events) {
      if (first_seen_ == 0 && !got->events.empty())
        first_seen_ = got->events.front().kv.mod_revision;
      quiet_rounds_ = 0;
      if (!got->events.empty()) return std::move(got->events);
    } else if (got->kind == Kind::compacted) {
      compact_revision_ = got->compact_revision;
      end_ = End::compacted;
    } else if (got->kind == Kind::cancelled) {
      return std::unexpected(std::move(got->error));
    }
  }
  return std::vector<etcd::Event>{};
}

// A reply of the watch that is asked about, or of its probe.
Result<etcd::WatchReply> HistoryWatch::reply(const Context& ctx, Duration patience) {
  for (;;) {
    COORD_TRY_INTO(auto got, watcher_.next(ctx.at_most(patience)));
    if (got.id == id_ || got.id == probe_) return got;
  }
}

// Of what was compacted it hears that, of what was seen it sees the first again; else there is
// nothing that would answer.
void HistoryWatch::probe() {
  if (from_ <= 1 && first_seen_ == 0) return;
  const std::int64_t start = from_ > 1 ? 1 : first_seen_;
  probe_ = watcher_.add({.key = key_, .start_revision = start});
}

void HistoryWatch::take_probe(const etcd::WatchReply& reply) {
  if (reply.kind != Kind::events && reply.kind != Kind::compacted && reply.kind != Kind::cancelled)
    return;
  watcher_.remove(probe_);
  probe_ = 0;
  if (++quiet_rounds_ > kRounds) end_ = End::over;
}

}  // namespace coord::recipe
