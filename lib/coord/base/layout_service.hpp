// The keys of services: one key for each instance that is registered.
//
//   endpoints   SERVICE "/" ADDR                  as Go's naming/endpoints has them, byte for byte;
//                                                 its readers take any key below SERVICE "/"
//   plain       "/" PREFIX "/" SERVICE "/" ADDR   the value is ADDR
//   json        "register/" MD5                   of all services; the value tells whose it is.
//                                                 MD5: in hex, of SERVICE ":" ADDR; but readers
//                                                 take any key
//   picks       "__coord/picks/" SERVICE          its version tells how often
//                                                 `discover --pick round-robin` has picked one of
//                                                 SERVICE
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coord::layout {

enum class ServiceKind { endpoints, plain, json };

struct ServiceLayout {
  ServiceKind kind = ServiceKind::endpoints;
  std::string prefix = "services";  // of plain
};

std::string service_prefix(const ServiceLayout& layout, std::string_view service);
std::string instance_key(const ServiceLayout& layout, std::string_view service,
                         std::string_view address);

// The service, never empty, if KEY looks like one of the endpoints layout with HOST:PORT. Looks are
// no proof: an instance has a lease, too.
std::optional<std::string> parse_endpoint_key(std::string_view key);

// The address that a key of the plain layout names; nothing for keys that do not lie right below
// SERVICE.
std::optional<std::string> plain_address(const ServiceLayout& layout, std::string_view service,
                                         std::string_view key);

std::string picks_key(std::string_view service);

}  // namespace coord::layout
