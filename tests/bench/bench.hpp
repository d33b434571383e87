// What the rows of the benchmark share: one client a worker, workers that run until the time is up,
// and the count of what they did.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/session.hpp"

namespace coord::bench {

// Where a row runs: the endpoints, how long, and how many workers.
struct Scale {
  std::vector<std::string> endpoints;
  Duration span = std::chrono::seconds{2};
  std::size_t workers = 1;
  std::string name;  // of the lock, the queue …; nobody else uses it
};

// A worker's own connection and lease. Exits the program with a message when etcd is not there.
struct Worker {
  std::unique_ptr<etcd::Client> client;
  std::unique_ptr<etcd::Session> session;
};
Worker connect(const Scale& scale);

// How much ONE did in all workers together, per second. It is called again and again with the
// worker's own connection and says how much it has done; 0: no more, or the span is over.
using One = std::function<std::size_t(const Context&, Worker&, std::size_t worker)>;
double per_second(const Scale& scale, const One& one);

// Ends the program if RESULT is an error other than that the time is up; false then.
template <typename T>
bool went_well(const Result<T>& result);
[[noreturn]] void die(const Error& error);

template <typename T>
bool went_well(const Result<T>& result) {
  if (result) return true;
  if (result.error().code != Code::timed_out && result.error().code != Code::cancelled)
    die(result.error());
  return false;
}

// The rows; each gives operations per second.
double lock_cycle(const Scale& scale);       // acquire and release, nobody else there
double lock_hand_over(const Scale& scale);   // all workers want one lock
double elect_hand_over(const Scale& scale);  // all workers want to lead
double queue_put(const Scale& scale);        // an item at a time
double queue_drain(const Scale& scale);      // 1000 items that are there
double watch_events(const Scale& scale);     // 10,000 events that have happened

}  // namespace coord::bench
