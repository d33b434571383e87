#include "coord/recipe/load.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPatience = 5s;  // for one write

// What the writers share.
class Crew {
 public:
  Crew(etcd::Client& client, const LoadPlan& plan, const Context& ctx)
      : client_(&client), plan_(&plan), ctx_(&ctx), start_(BootClock::now()) {}

  void write_on() {
    etcd::Kv kv(*client_);
    const std::string value(plan_->value_bytes, 'x');
    for (auto turn = next_++; turn < plan_->count && !ctx_->stopped(); turn = next_++) {
      wait_for(turn);
      if (ctx_->stopped()) return;
      const BootTime sent = BootClock::now();
      const auto put = kv.put(ctx_->at_most(kPatience),
                              {.key = plan_->prefix + std::to_string(turn), .value = value});
      note(BootClock::now() - sent, put);
    }
  }

  std::int64_t done() const { return done_; }

  LoadOutcome outcome() {
    LoadOutcome outcome{.done = std::ssize(spans_),
                        .took = BootClock::now() - start_,
                        .errors = std::move(errors_)};
    if (spans_.empty()) return outcome;
    double sum = 0;
    for (const double span : spans_) sum += span;
    const double mean = sum / static_cast<double>(spans_.size());
    double squares = 0;
    for (const double span : spans_) squares += (span - mean) * (span - mean);
    outcome.slowest = *std::ranges::max_element(spans_);
    outcome.deviation = std::sqrt(squares / static_cast<double>(spans_.size()));
    return outcome;
  }

 private:
  void wait_for(std::int64_t turn) const {
    if (plan_->rate <= 0) return;
    const Duration due = Duration(1s) * turn / plan_->rate;
    const Duration left = after(start_, due) - BootClock::now();
    if (left > Duration::zero()) ctx_->sleep(left);
  }

  void note(Duration span, const Result<etcd::PutReply>& put) {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (put) {
      spans_.push_back(std::chrono::duration<double>(span).count());
    } else {
      ++errors_[put.error().message];
    }
  }

  etcd::Client* client_;
  const LoadPlan* plan_;
  const Context* ctx_;
  BootTime start_;
  std::atomic<std::int64_t> next_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::mutex mutex_;  // guards what follows
  std::vector<double> spans_;
  std::map<std::string, std::int64_t> errors_;
};

}  // namespace

Result<bool> Load::is_clear(const Context& ctx) {
  etcd::RangeRequest request = etcd::RangeRequest::prefix(plan_.prefix);
  request.limit = 1;
  request.keys_only = true;
  COORD_TRY_INTO(const auto found, etcd::Kv(*client_).range(ctx, request));
  return found.kvs.empty();
}

Result<LoadOutcome> Load::run(const Context& ctx,
                              const std::function<void(std::int64_t)>& progress) {
  Crew crew(*client_, plan_, ctx);
  std::vector<std::jthread> writers;
  writers.reserve(plan_.writers);
  for (std::size_t i = 0; i < plan_.writers; ++i) writers.emplace_back([&] { crew.write_on(); });
  while (crew.done() < plan_.count && !ctx.stopped()) {
    progress(crew.done());
    ctx.sleep(100ms);
  }
  writers.clear();
  if (ctx.stopped()) return fail(Code::cancelled, "cancelled");
  return crew.outcome();
}

Result<std::int64_t> Load::clean(const Context& ctx) {
  const auto range = etcd::RangeRequest::prefix(plan_.prefix);
  COORD_TRY_INTO(const auto reply,
                 etcd::Kv(*client_).remove(ctx, {.key = range.key, .range_end = range.range_end},
                                           etcd::Repeat::safe));
  return reply.header.revision;
}

}  // namespace coord::recipe
