// What listens at an endpoint? Asked below gRPC, whose errors do not tell a server without TLS from
// a closed port, or an expired certificate from an unknown one. For `doctor`: a connection or two,
// one request over HTTP/1.1 that changes nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "coord/base/clock.hpp"
#include "coord/etcd/options.hpp"

namespace coord::commands {

struct Probe {
  enum class Answer {
    none,     // no connection: `why` has the system's words
    silent,   // connected, and not a byte within the limit
    closed,   // connected, and hung up on
    plain,    // HTTP without TLS
    tls,      // TLS
    foreign,  // something else
  };
  enum class Certificate { not_seen, good, expired, not_yet_valid, unknown_ca, wrong_name, bad };

  Answer answer = Answer::none;
  bool refused = false;  // nobody listens there
  std::string why;
  Certificate certificate = Certificate::not_seen;
  bool wants_certificate = false;  // it hung up for want of one of ours that it trusts
  bool peer_port = false;          // where members talk to each other
  std::optional<std::chrono::sys_seconds> date;  // the server's clock, to the second
};

// Blocks for three times LIMIT at the most.
Probe probe(const etcd::Endpoint& endpoint, const etcd::TlsOptions& tls, Duration limit);

}  // namespace coord::commands
