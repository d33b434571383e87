// Balancer: an address of a service for each call, from a list that follows etcd.
//
//   Balancer web(client, {.name = "web", .layout = {}}, Balancing::round_robin);
//   COORD_TRY(web.wait(ctx, 1));
//   COORD_TRY_INTO(const auto pick, web.pick());
//   if (!call(pick.address())) pick.failed();
//
// A thread of its own keeps the list (discovery.hpp). While etcd is away the last list is used:
// that it cannot be read says nothing about the instances. An instance that has died stays listed
// until its lease ends; who says failed() keeps it out of the picks for a moment, unless there is
// no other. Thread-safe; a pick may be used by another thread than took it, and may outlive the
// balancer.
#pragma once

#include <condition_variable>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "coord/recipe/discovery.hpp"

namespace coord::recipe {

enum class Balancing {
  round_robin,  // one after the other, oldest first
  random,
  least_used,  // the one with the fewest picks that are alive
};

class Picked;
struct BalancerState;  // internal

class Balancer {
 public:
  // CLIENT must outlive it.
  Balancer(etcd::Client& client, Service service, Balancing balancing = Balancing::round_robin);
  ~Balancer();
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;

  // Blocks until so many instances are listed. timed_out or cancelled, with what is wrong with etcd
  // in the message if anything is; denied.
  Result<> wait(const Context& ctx, std::size_t count) const;

  // Never blocks. Code::not_found: nothing is listed, or the list has not been read yet.
  Result<Picked> pick();

  std::vector<Instance> instances() const;  // oldest first
  std::optional<Error> trouble() const;     // why the list may be old; nothing: it is not

 private:
  std::shared_ptr<BalancerState> state_;
  std::jthread thread_;  // last
};

// One use of an instance, from pick() to its destruction.
class Picked {
 public:
  Picked(std::shared_ptr<BalancerState> state, Instance instance);
  ~Picked();
  Picked(Picked&&) = default;
  Picked& operator=(Picked&&) = delete;
  Picked(const Picked&) = delete;
  Picked& operator=(const Picked&) = delete;

  const Instance& instance() const { return instance_; }
  const std::string& address() const { return instance_.address; }
  void failed();  // it could not be reached: not picked for five seconds, where there is another

 private:
  std::shared_ptr<BalancerState> state_;  // null: moved from
  Instance instance_;
};

}  // namespace coord::recipe
