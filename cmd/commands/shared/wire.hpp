// Wire: one connection without gRPC, with TLS or without. Blocks within its limit. Whoever answers
// is not trusted: its certificate is judged, and whatever it says only read.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "cmd/commands/shared/probe.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

class Wire {
 public:
  // Code::unavailable with the system's words; NOBODY says whether the port is closed.
  static Result<Wire> connect(const etcd::Endpoint& endpoint, Duration limit, bool& nobody);

  // OpenSSL's own words where it fails; empty when it stands.
  std::string start_tls(const etcd::TlsOptions& tls, const std::string& host);
  Probe::Certificate certificate() const { return certificate_; }

  bool send(const std::string& text);
  // What comes until it is all there, hung up, the limit is over (TIMED_OUT), or MOST bytes came.
  std::string receive(bool& timed_out, std::size_t most = 64UL << 10U);
  std::string tls_trouble() const;  // why TLS ended, if it did

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  Wire(proc::Fd fd, Duration limit) : fd_(std::move(fd)), limit_(limit) {}
  Probe::Certificate judge(const etcd::TlsOptions& tls, const std::string& host) const;

  proc::Fd fd_;
  Duration limit_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  Probe::Certificate certificate_ = Probe::Certificate::not_seen;
};

}  // namespace coord::commands
