// Subscription: what both ways of `coord subscribe` have in common: the subscriber, the name that
// it resumes under, and what is told about gaps and outages.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cmd/commands/messages/subscribe.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/topic.hpp"

namespace coord::commands {

// Code::usage.
Result<recipe::From> parse_from(const std::optional<std::string>& text);

// One call at a time; OPTIONS and ENV must outlive it.
class Subscription {
 public:
  Subscription(const SubscribeOptions& options, cli::Env& env) : options_(&options), env_(&env) {}
  ~Subscription();  // gives the name back; blocks for up to three seconds
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // Blocks for the next message, or gap, which is told on stderr already. The first call opens the
  // client and waits until the name is free. Errors name the topic. Code::timed_out: nothing for
  // --timeout, also where etcd was away from the start; lost: the name is; compacted: a gap, under
  // --strict.
  Result<recipe::Delivery> next(const Context& ctx);

  // Is something there that next() returns without waiting?
  bool has_more() const { return subscriber_ && subscriber_->has_more(); }

  // With --resume: what was delivered up to POSITION never comes again. Code::lost.
  Result<> move(const Context& ctx, const recipe::Position& position);

 private:
  Result<> begin(const Context& ctx);
  Result<std::optional<recipe::Position>> take_name(const Context& ctx, etcd::Client& client);
  Result<recipe::Delivery> next_said(const Context& ctx);
  Result<> keep(const Context& ctx, const recipe::Position& position);
  Result<> tell_gap(const recipe::Delivery& gap);

  const SubscribeOptions* options_;
  cli::Env* env_;
  std::unique_ptr<etcd::Session> session_;
  std::optional<recipe::Bookmark> bookmark_;
  std::optional<recipe::Subscriber> subscriber_;
};

}  // namespace coord::commands
