#include <fmt/format.h>

#include <optional>

#include "cmd/commands/keys/watch_feed.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/recipe/live_range.hpp"

namespace coord::commands {
namespace {

using recipe::RangeNews;
using Kind = RangeNews::Kind;

class Range : public WatchFeed {
 public:
  Range(cli::Env& env, recipe::RangeFollowed range, std::string what)
      : env_(&env), followed_(std::move(range)), what_(std::move(what)) {}

  Result<WatchNews> next(const Context& ctx) override {
    if (!range_) COORD_TRY(begin());
    for (;;) {
      COORD_TRY_INTO(auto news, range_->next(listed_ ? ctx : ctx.until(give_up_)));
      if (news.kind == Kind::interrupted || news.kind == Kind::resumed) {
        tell_outage(news);
        continue;
      }
      if (news.kind == Kind::relisted) tell_gap(news);
      const bool initial = news.kind == Kind::listed;
      // The time limit is one for each page: a long list may take longer.
      if (initial) give_up_ = env_->context().deadline();
      if (initial && !news.more) listed_ = true;
      etcd::WatchReply reply;
      reply.header = news.header;
      reply.events = std::move(news.events);
      return WatchNews{std::move(reply), initial};
    }
  }

 private:
  Result<> begin() {
    COORD_TRY_INTO(etcd::Client * client, env_->client());
    give_up_ = env_->context().deadline();
    range_.emplace(*client, followed_);
    return {};
  }

  void tell_outage(const RangeNews& news) const {
    const bool away = news.kind == Kind::interrupted;
    env_->note(fmt::format("coord: {}", away ? about("watch", what_, news.error).message
                                             : fmt::format("watch {}: goes on", what_)));
  }

  void tell_gap(const RangeNews& news) const {
    const std::string gap =
        news.gap_to < news.gap_from
            ? fmt::format("the store was set back from revision {} to {}", news.gap_from - 1,
                          news.gap_to)
            : fmt::format("revisions {} to {} could not be followed", news.gap_from, news.gap_to);
    env_->note(fmt::format("coord: watch {}: {}; what they have changed in the end comes now",
                           what_, gap));
  }

  cli::Env* env_;
  recipe::RangeFollowed followed_;
  std::string what_;
  BootTime give_up_ = kNever;
  std::optional<recipe::LiveRange> range_;
  bool listed_ = false;
};

}  // namespace

std::unique_ptr<WatchFeed> follow_range(cli::Env& env, const etcd::WatchRequest& request,
                                        std::string what) {
  recipe::RangeFollowed range{.key = request.key, .range_end = request.range_end};
  range.keep = recipe::Keep::revisions;
  range.prev_kv = request.prev_kv;
  return std::make_unique<Range>(env, std::move(range), std::move(what));
}

}  // namespace coord::commands
