// Discovery: which instances of a service are registered, and what comes and goes. Reads only, but
// for next_pick().
//
// On LiveRange (live_range.hpp): a list at one revision and a watch from the next one; after a
// compaction the list again, and the difference. Go's resolver stops there for good.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coord/recipe/instance.hpp"
#include "coord/recipe/live_range.hpp"

namespace coord::recipe {

struct InstanceEvent {
  enum class Kind { up, down, changed };
  Kind kind = Kind::up;
  Instance instance;  // down: as it was; changed: as it is now, with another value or lease
  std::int64_t revision = 0;
};

struct DiscoveryNews {
  enum class Kind { listed, changed, relisted, interrupted, resumed };  // as RangeNews has them
  Kind kind = Kind::changed;
  etcd::Header header;
  std::vector<InstanceEvent> events;  // listed: all that there are, as up
  Error error;
};

using Instances = std::map<std::string, Instance>;  // by key

// For one thread at a time. CLIENT must outlive it.
class Discovery {
 public:
  Discovery(etcd::Client& client, Service service);

  // Contract and errors as LiveRange::next(). `changed` and `relisted` have an event at least.
  Result<DiscoveryNews> next(const Context& ctx);
  const Instances& instances() const { return instances_; }  // as of the last news

 private:
  void take(const etcd::Event& event, std::vector<InstanceEvent>& events);

  Service service_;
  LiveRange range_;
  Instances instances_;
};

struct InstanceList {
  etcd::Header header;
  std::vector<Instance> instances;  // oldest first, the key decides between equals
};

// All, at one revision. Errors as etcd::Kv.
Result<InstanceList> instances_of(etcd::Client& client, const Context& ctx, const Service& service);
std::vector<Instance> oldest_first(const Instances& instances);

// One after the other, over all who ask: counted by the version of a key of ours
// (layout::picks_key), which is put in the transaction that reads the list. A reply that is lost
// may leave one out. Code::not_found: there is none; denied: the key may not be written.
Result<Instance> next_pick(etcd::Client& client, const Context& ctx, const Service& service);

}  // namespace coord::recipe
