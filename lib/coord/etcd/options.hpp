// Options: everything that a Client must know before it is opened. Plain values; nothing here
// touches the network.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::etcd {

struct TlsOptions {
  std::string ca_file;  // PEM bundle that server certificates are checked with; empty: the system's
  std::string cert_file;  // client certificate and key, PEM; both or neither
  std::string key_file;
  std::string server_name;   // checked instead of the endpoint's host name
  bool skip_verify = false;  // accept any server certificate
  bool required = false;     // TLS even for endpoints without a scheme

  bool any() const {
    return required || skip_verify || !ca_file.empty() || !cert_file.empty() || !key_file.empty() ||
           !server_name.empty();
  }
};

struct Options {
  std::vector<std::string> endpoints{
      "127.0.0.1:2379"};  // HOST:PORT, http:// https:// unix: unix:// unixs:
  TlsOptions tls;
  std::string user;  // empty: no authentication (a client certificate may still carry a name)
  std::string password;
  std::string name_space;  // put before every key that is sent, cut from every key that comes back
  Duration dial_timeout =
      std::chrono::milliseconds{1800};                 // until some endpoint must have answered
  Duration keepalive_time = std::chrono::seconds{10};  // HTTP/2 pings; etcd refuses less than 5 s
  Duration keepalive_timeout = std::chrono::seconds{6};
  std::size_t max_request_bytes = 2UL << 20U;
  std::size_t max_reply_bytes = 2147483647;
};

// One endpoint, taken apart.
struct Endpoint {
  std::string text;    // as the user wrote it, for messages
  std::string target;  // as gRPC wants it
  bool tls = false;
};

// Code::usage for text that is no endpoint; Code::config where TLS settings stand beside an http://
// endpoint.
Result<Endpoint> parse_endpoint(const std::string& text, const TlsOptions& tls);

// The endpoints that DNS lists for DOMAIN: _etcd-client-ssl._tcp (https) and _etcd-client._tcp
// (http), with "-NAME" behind "client" or "ssl" when SERVICE_NAME is not empty; in the order of
// their priorities and, by chance, weights. Blocks for a few seconds when DNS is silent.
// Code::unavailable when neither record exists, or nobody answers.
Result<std::vector<std::string>> discover_srv(const std::string& domain,
                                              const std::string& service_name);

}  // namespace coord::etcd
