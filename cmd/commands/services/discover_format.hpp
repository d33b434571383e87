// How instances are shown.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/out/value.hpp"
#include "coord/recipe/discovery.hpp"

namespace coord::commands {

enum class ServiceFormat {
  addr,   // an address a line
  json,   // one object, as -w json
  hosts,  // lines of hosts(5)
  env,    // assignments for a shell: COORD_ADDRS, COORD_COUNT, COORD_ADDR_1, …
  grpc,   // a target for gRPC clients: ipv4:A:1,B:2
};

Result<ServiceFormat> service_format(const std::string& word);  // Code::usage

out::Fields instance_fields(const recipe::Instance& instance);
out::Record list_record(const recipe::Service& service, const recipe::InstanceList& list);

// The lines of all formats but json. Code::bad_data where the format cannot hold these addresses.
Result<std::vector<std::string>> lines_of(ServiceFormat format, const recipe::Service& service,
                                          std::span<const recipe::Instance> instances);

}  // namespace coord::commands
