#include "cmd/commands/shared/probe.hpp"

#include <ctime>

#include "cmd/commands/shared/wire.hpp"

namespace coord::commands {
namespace {

// Members have this page on their peer port only; etcd's client port has never heard of it.
constexpr const char* kRequest = "GET /members HTTP/1.1\r\nHost: etcd\r\nConnection: close\r\n\r\n";

std::string host_of(const etcd::Endpoint& endpoint) {
  std::string host = endpoint.target.substr(0, endpoint.target.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return endpoint.target.starts_with("unix:") ? "localhost" : host;
}

std::optional<std::chrono::sys_seconds> date_of(const std::string& reply) {
  constexpr std::string_view kDate = "\r\nDate: ";
  const auto at = reply.find(kDate);
  if (at == std::string::npos) return std::nullopt;
  std::tm time{};
  if (strptime(reply.c_str() + at + kDate.size(), "%a, %d %b %Y %H:%M:%S GMT", &time) == nullptr)
    return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{timegm(&time)}};
}

void read_page(Probe& probe, const std::string& reply) {
  const bool found = reply.starts_with("HTTP/1.1 200") || reply.starts_with("HTTP/1.0 200");
  probe.peer_port = found && reply.contains("peerURLs");
  probe.date = date_of(reply);
}

bool speaks_tls(const std::string& reply) {
  return reply.starts_with('\x15') || reply.contains("HTTP request to an HTTPS server");
}

bool is_http(const std::string& reply) { return reply.starts_with("HTTP/"); }

void ask_plain(Wire& wire, Probe& probe) {
  bool timed_out = false;
  const std::string reply = wire.send(kRequest) ? wire.receive(timed_out) : "";
  if (speaks_tls(reply)) {
    probe.answer = Probe::Answer::tls;
  } else if (is_http(reply)) {
    probe.answer = Probe::Answer::plain;
    read_page(probe, reply);
  } else if (reply.empty()) {
    probe.answer = timed_out ? Probe::Answer::silent : Probe::Answer::closed;
  } else {
    probe.answer = Probe::Answer::foreign;
  }
}

void ask_over_tls(Wire& wire, const etcd::TlsOptions& tls, const std::string& host, Probe& probe) {
  probe.why = wire.start_tls(tls, host);
  if (!probe.why.empty()) {
    const bool plain = probe.why == "wrong version number" || probe.why == "http request";
    probe.answer = plain ? Probe::Answer::plain : Probe::Answer::closed;
    probe.wants_certificate = probe.why.contains("certificate");
    return;
  }
  probe.answer = Probe::Answer::tls;
  probe.certificate = wire.certificate();
  bool timed_out = false;
  const std::string reply = wire.send(kRequest) ? wire.receive(timed_out) : "";
  if (is_http(reply)) return read_page(probe, reply);
  probe.why = wire.tls_trouble();
  probe.wants_certificate = probe.why.contains("certificate");
}

bool answers_plainly(const etcd::Endpoint& endpoint, Duration limit) {
  Probe result;
  auto wire = Wire::connect(endpoint, limit, result.refused);
  if (!wire) return false;
  ask_plain(*wire, result);
  return result.answer == Probe::Answer::plain;
}

}  // namespace

Probe probe(const etcd::Endpoint& endpoint, const etcd::TlsOptions& tls, Duration limit) {
  Probe result;
  auto wire = Wire::connect(endpoint, limit, result.refused);
  if (!wire) {
    result.why = wire.error().message;
    return result;
  }
  if (endpoint.tls) {
    ask_over_tls(*wire, tls, host_of(endpoint), result);
    if (result.answer == Probe::Answer::closed && answers_plainly(endpoint, limit))
      result.answer = Probe::Answer::plain;
    return result;
  }
  ask_plain(*wire, result);
  if (result.answer != Probe::Answer::closed) return result;
  // Some hang up on whoever does not begin with TLS.
  auto again = Wire::connect(endpoint, limit, result.refused);
  if (again && again->start_tls(tls, host_of(endpoint)).empty()) result.answer = Probe::Answer::tls;
  return result;
}

}  // namespace coord::commands
