// Internal. Cluster: what all members of a fake cluster share. One lock for everything: a test is
// small.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "etcdserverpb/cluster.pb.h"
#include "etcdserverpb/header.pb.h"
#include "etcdserverpb/maintenance.pb.h"
#include "fake/leases.hpp"
#include "fake/store.hpp"

namespace coord::fake {

struct Auth {
  std::map<std::string, std::string> passwords;  // empty: authentication is off
  std::set<std::string> tokens;
  int last_token = 0;
};

class Cluster {
 public:
  static constexpr std::uint64_t kId = 0xc0de;

  Cluster();

  std::mutex mutex;                 // guards all below, and the Gate of every member
  std::condition_variable changed;  // whoever changes anything notifies all
  Store store;
  Leases leases{store};
  Auth auth;
  std::uint64_t members = 0;
  std::vector<etcdserverpb::Member> roster;  // as the service Cluster tells it
  std::vector<etcdserverpb::AlarmMember> alarms;

  // The header of a reply at the store's present revision, or at another.
  etcdserverpb::ResponseHeader header(std::uint64_t member, std::int64_t revision = 0) const;

 private:
  void end_leases(const std::stop_token& stop);  // at their time

  std::jthread clock_;  // last: starts when all else is there
};

}  // namespace coord::fake
