#include "cmd/commands/queues/queue_claim.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include "cmd/commands/shared/event_input.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/signals.hpp"
#include "coord/recipe/backlog.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {
namespace {

constexpr std::size_t kPage = 8;

// A worker that is told to end, as at a restart, says nothing about its item.
bool was_told_to_end(int wait_status) {
  return WIFSIGNALED(wait_status) && proc::ends_us(WTERMSIG(wait_status));
}

// Neither is the caller's own time limit: there is none for this.
Error as_trouble(Error error) {
  if (error.code == Code::timed_out || error.code == Code::cancelled)
    error.code = Code::unavailable;
  return error;
}

}  // namespace

Error nothing_taken(const recipe::QueueName& queue, Error error) {
  const std::string what = describe_queue(queue.name);
  if (error.code == Code::busy) return {Code::busy, what + " is empty", ""};
  if (error.code == Code::timed_out && error.message.starts_with("waiting"))
    return {Code::timed_out, what + ": timed out: it is empty", ""};
  if (error.code == Code::timed_out) return in_context(what + ": timed out", std::move(error));
  return in_context(what, std::move(error));
}

QueueItemClaim::QueueItemClaim(QueueClaimOptions options, recipe::HolderInfo info, cli::Env& env)
    : options_(std::move(options)), info_(std::move(info)), env_(&env) {}

std::string QueueItemClaim::what() const {
  return "an item of " + describe_queue(options_.queue.name);
}

Result<std::vector<recipe::Held>> QueueItemClaim::acquire(const Context& ctx, etcd::Client& client,
                                                          const etcd::Session& session) {
  std::vector<recipe::Held> held;
  auto taken =
      take(options_.wait ? ctx : ctx.at_most(recipe::kRequestLimit), client, session, held);
  if (taken) return held;
  if (!options_.wait) taken.error() = as_outage(std::move(taken).error());
  return std::unexpected(nothing_taken(options_.queue, std::move(taken).error()));
}

Result<> QueueItemClaim::take(const Context& ctx, etcd::Client& client,
                              const etcd::Session& session, std::vector<recipe::Held>& held) {
  recipe::Backlog backlog(client, options_.queue, kPage, options_.most_attempts);
  recipe::QueueConsumer consumer(client, session.lease(), options_.queue, info_);
  for (;;) {
    auto there = backlog.await(ctx, options_.wait);
    const std::string foreign = about_foreign(options_.queue, backlog.foreign());
    if (!foreign.empty() && options_.tell_empty) env_->note(foreign);
    COORD_TRY(there);
    COORD_TRY_INTO(auto items, consumer.claim(ctx, backlog.items(), 1));
    if (items.empty()) continue;
    item_ = std::move(items.front());
    held.push_back(consumer.held());
    COORD_TRY_INTO(input_, bytes_input(item_->value));
    return {};
  }
}

Result<run::Obstacle> QueueItemClaim::obstacle(const Context& /*ctx*/, etcd::Client& /*client*/,
                                               std::int64_t /*own_lease*/) {
  return options_.tell_empty ? run::Obstacle{"it is empty", "", ""} : run::Obstacle{};
}

run::Variables QueueItemClaim::variables(const std::vector<recipe::Held>& /*held*/) const {
  return {{"COORD_NAME", options_.queue.name},
          {"COORD_QUEUE", options_.queue.name},
          {"COORD_ITEM", for_variable(item_->value)},
          {"COORD_ITEM_KEY", item_->item_key},
          {"COORD_ITEM_ATTEMPT", std::to_string(item_->attempt)}};
}

Result<> QueueItemClaim::retreat(const Context& ctx, etcd::Client& client,
                                 const std::vector<recipe::Held>& held) {
  return settle(ctx, client, held, std::nullopt);
}

Result<> QueueItemClaim::settle(const Context& ctx, etcd::Client& client,
                                const std::vector<recipe::Held>& /*held*/,
                                std::optional<int> wait_status) {
  if (!item_) return {};
  const bool done = wait_status && WIFEXITED(*wait_status) && WEXITSTATUS(*wait_status) == 0;
  if (!done) return give_back(ctx, client, wait_status && !was_told_to_end(*wait_status));
  const auto gone = recipe::finish(client, ctx, options_.queue.name, {*item_});
  if (!gone) {
    Error error = as_trouble(gone.error());
    error.hint = "the item will be served again when the lease has ended";
    return std::unexpected(
        in_context(what() + " is done, but could not be taken away", std::move(error)));
  }
  if (*gone == 0) return {};
  return fail(Code::lost, what() + " is done, but was given to somebody else meanwhile");
}

Result<> QueueItemClaim::give_back(const Context& ctx, etcd::Client& client, bool counts) {
  const std::string& name = options_.queue.name;
  const auto given = recipe::give_back(client, ctx, name, *item_,
                                       {.counts = counts, .most_attempts = options_.most_attempts});
  if (!given) {
    env_->note(
        fmt::format("coord: could not give back {}: {}; that happens when its lease has ended",
                    what(), given.error().message));
  } else if (*given == recipe::GivenBack::in_dead_queue) {
    env_->note(fmt::format("coord: {} has failed {} times: it is in {} now", what(), item_->attempt,
                           describe_queue(layout::dead_queue(name))));
  }
  return {};
}

}  // namespace coord::commands
