#include "coord/recipe/balancer.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <utility>

#include "coord/base/bytes.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Told = DiscoveryNews::Kind;

namespace {

constexpr Duration kAside = 5s;     // how long one that failed is not picked
constexpr Duration kFirstTry = 5s;  // for the first list
constexpr Duration kTryAgain = 1s;

}  // namespace

struct BalancerState {
  const std::string name;
  const Balancing balancing;

  mutable std::mutex mutex;  // guards all below
  mutable std::condition_variable_any changed;
  std::vector<Instance> instances;            // oldest first
  std::map<std::string, int> uses;            // by key
  std::map<std::string, BootTime> set_aside;  // by key, until when
  std::optional<Error> trouble;
  std::string last;  // the key that round-robin has picked last
  std::minstd_rand random{std::random_device{}()};

  void set(std::vector<Instance> list);
  void set_trouble(Error error);
  std::vector<const Instance*> candidates();
  const Instance& choose(const std::vector<const Instance*>& from);
};

void BalancerState::set(std::vector<Instance> list) {
  const std::lock_guard lock(mutex);
  trouble.reset();
  instances = std::move(list);
  std::erase_if(set_aside, [&](const auto& one) {  // who comes back is as good as new
    return std::ranges::find(instances, one.first, &Instance::key) == instances.end();
  });
  changed.notify_all();
}

void BalancerState::set_trouble(Error error) {
  const std::lock_guard lock(mutex);
  trouble = std::move(error);
  changed.notify_all();
}

// The lock is held, in this and the next.
std::vector<const Instance*> BalancerState::candidates() {
  const BootTime now = BootClock::now();
  std::erase_if(set_aside, [&](const auto& one) { return one.second <= now; });
  std::vector<const Instance*> well;
  for (const Instance& one : instances) {
    if (!set_aside.contains(one.key)) well.push_back(&one);
  }
  if (!well.empty()) return well;
  for (const Instance& one : instances) well.push_back(&one);
  return well;
}

const Instance& BalancerState::choose(const std::vector<const Instance*>& from) {
  if (balancing == Balancing::random)
    return *from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random)];
  // Behind the one that was picked last, which may be gone: those that are left keep their order.
  const auto is_last = [&](const Instance& one) { return one.key == last; };
  const auto at = std::ranges::find_if(instances, is_last);
  const auto order = [&](const Instance* one) {
    const auto place = std::ranges::find(instances, one->key, &Instance::key) - instances.begin();
    const auto first = at == instances.end() ? 0 : at - instances.begin() + 1;
    return place >= first ? place - first : place - first + std::ssize(instances);
  };
  const auto rank = [&](const Instance* one) {
    return std::pair(balancing == Balancing::least_used ? uses[one->key] : 0, order(one));
  };
  const Instance& chosen = **std::ranges::min_element(from, {}, rank);
  last = chosen.key;
  return chosen;
}

namespace {

void follow(const std::shared_ptr<BalancerState>& state, etcd::Client& client,
            const Service& service, const std::stop_token& stop) {
  Discovery discovery(client, service);
  bool listed = false;
  for (const Context ctx(stop); !ctx.stopped();) {
    const auto news = discovery.next(listed ? ctx : ctx.at_most(kFirstTry));
    if (!news) {
      state->set_trouble(news.error());
      ctx.sleep(kTryAgain);
    } else if (news->kind == Told::interrupted) {
      state->set_trouble(news->error);
    } else {
      listed = true;
      state->set(oldest_first(discovery.instances()));
    }
  }
}

}  // namespace

Balancer::Balancer(etcd::Client& client, Service service, Balancing balancing)
    : state_(new BalancerState{.name = service.name, .balancing = balancing}),
      thread_([state = state_, &client, service = std::move(service)](const std::stop_token& stop) {
        follow(state, client, service, stop);
      }) {}

Balancer::~Balancer() = default;

Result<> Balancer::wait(const Context& ctx, std::size_t count) const {
  std::unique_lock lock(state_->mutex);
  const auto done = [&] {
    const bool denied = state_->trouble && state_->trouble->code == Code::denied;
    return denied || state_->instances.size() >= count;
  };
  while (!done()) {
    const auto ended = ctx.check("waiting for " + in_quotes(state_->name));
    if (!ended && state_->trouble)
      return std::unexpected(
          in_context(ended.error().message,
                     {ended.error().code, state_->trouble->message, state_->trouble->hint}));
    if (!ended) return ended;
    const Duration left = std::min<Duration>(ctx.remaining(), kTryAgain);
    state_->changed.wait_for(lock, ctx.stop(), left, done);
  }
  if (state_->instances.size() >= count) return {};
  return std::unexpected(*state_->trouble);
}

Result<Picked> Balancer::pick() {
  const std::lock_guard lock(state_->mutex);
  const auto from = state_->candidates();
  if (from.empty())
    return fail(Code::not_found, "nothing is registered as " + in_quotes(state_->name));
  const Instance& chosen = state_->choose(from);
  ++state_->uses[chosen.key];
  return Picked(state_, chosen);
}

std::vector<Instance> Balancer::instances() const {
  const std::lock_guard lock(state_->mutex);
  return state_->instances;
}

std::optional<Error> Balancer::trouble() const {
  const std::lock_guard lock(state_->mutex);
  return state_->trouble;
}

Picked::Picked(std::shared_ptr<BalancerState> state, Instance instance)
    : state_(std::move(state)), instance_(std::move(instance)) {}

Picked::~Picked() {
  if (!state_) return;
  const std::lock_guard lock(state_->mutex);
  if (--state_->uses[instance_.key] == 0) state_->uses.erase(instance_.key);
}

void Picked::failed() {
  const std::lock_guard lock(state_->mutex);
  state_->set_aside[instance_.key] = after(BootClock::now(), kAside);
}

}  // namespace coord::recipe
