#include "coord/etcd/options.hpp"

#include <fmt/format.h>

#include <string_view>

namespace coord::etcd {
namespace {

struct Scheme {
  std::string_view prefix;
  bool tls;
  bool unix_socket;
};

// Longer prefixes first, so that unix:// is not read as unix: with a path of two slashes.
constexpr Scheme kSchemes[] = {{"http://", false, false}, {"https://", true, false},
                               {"unix://", false, true},  {"unixs://", true, true},
                               {"unix:", false, true},    {"unixs:", true, true}};

Result<> refuse(const std::string& text, std::string_view why) {
  return fail(Code::usage, fmt::format("'{}' is not an endpoint: {}", text, why),
              "write HOST:PORT, https://HOST:PORT or unix:///PATH");
}

Result<> check_host_port(const std::string& text, std::string_view rest) {
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refuse(text, "host or port is missing");
  const std::string_view port = rest.substr(colon + 1);
  const bool digits =
      !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || port.size() > 5 || std::stoi(std::string(port)) > 65535)
    return refuse(text, "bad port");
  if (rest.find_first_of("/ \t\n") != std::string_view::npos)
    return refuse(text, "a path or blank in the host");
  return {};
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& text, const TlsOptions& tls) {
  std::string_view rest = text;
  Endpoint endpoint{text, {}, tls.any()};
  for (const Scheme& scheme : kSchemes) {
    if (!rest.starts_with(scheme.prefix)) continue;
    rest.remove_prefix(scheme.prefix.size());
    endpoint.tls = scheme.tls;
    if (!scheme.tls && !scheme.unix_socket && tls.any()) {
      return fail(Code::config,
                  fmt::format("TLS options are given, but endpoint '{}' is plain http", text),
                  "write https:// in the endpoint, or leave the TLS options out");
    }
    if (!scheme.unix_socket) break;
    if (rest.empty()) return std::unexpected(refuse(text, "the socket's path is missing").error());
    endpoint.target = fmt::format("unix:{}", rest);
    return endpoint;
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  COORD_TRY(check_host_port(text, rest));
  endpoint.target = std::string(rest);
  return endpoint;
}

}  // namespace coord::etcd
