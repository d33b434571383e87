// Instance: one address at which a service can be reached, as it stands in etcd. Keys and values:
// base/layout_service.hpp and to_value().
//
// The endpoints layout is that of etcd's Go package naming/endpoints: a Go program with the
// resolver of "etcd:///SERVICE" finds what is written here, and what it writes is read here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/layout_service.hpp"
#include "coord/base/result.hpp"
#include "coord/etcd/types.hpp"

namespace coord::recipe {

struct Service {
  std::string name;
  layout::ServiceLayout layout;
};

struct Instance {
  std::string address;
  // Of metadata that others wrote and that is no text, its JSON; what is no object is "metadata".
  std::map<std::string, std::string> metadata;
  std::string key;  // as read; not looked at when writing
  std::int64_t lease = 0;
  std::int64_t create_revision = 0;
  std::int64_t mod_revision = 0;

  friend bool operator==(const Instance&, const Instance&) = default;
};

// What stands in etcd for it. Code::usage where the layout cannot hold it: plain has no metadata,
// json needs HOST:PORT, and none takes an empty address or one with blanks or control characters.
Result<std::string> to_value(const Service& service, const Instance& instance);

// Nothing for a key that is no instance of SERVICE: undecodable values are skipped, as Go does,
// and addresses that to_value() would refuse.
std::optional<Instance> instance_of(const Service& service, const etcd::KeyValue& kv);

// HOST and PORT of "HOST:PORT" and "[HOST]:PORT"; nothing for other addresses.
struct HostPort {
  std::string host;
  int port = 0;
};
std::optional<HostPort> split_address(const std::string& address);

}  // namespace coord::recipe
