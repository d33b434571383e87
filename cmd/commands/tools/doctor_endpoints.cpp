#include <fmt/format.h>

#include <algorithm>

#include "cmd/commands/shared/probe.hpp"
#include "cmd/commands/tools/doctor_findings.hpp"
#include "coord/base/duration.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr auto kClockDrift = 5s;  // worth a word: certificates and what `who` shows go by clocks
constexpr auto kClockGrain = 2s;  // the header has whole seconds, and was on its way

constexpr const char* kPeerPort = ": this is the port where members talk to each other";
constexpr const char* kClientPort = "use the client port, 2379 as a rule";

std::string with_scheme(const std::string& endpoint, std::string_view scheme) {
  const auto at = endpoint.find("://");
  return std::string(scheme) + (at == std::string::npos ? endpoint : endpoint.substr(at + 3));
}

Finding problem(const std::string& endpoint, const std::string& what, std::string mend) {
  return {Level::problem, "endpoint", endpoint + ": " + what, std::move(mend)};
}

Finding bad_certificate(const std::string& at, Probe::Certificate certificate) {
  using Certificate = Probe::Certificate;
  switch (certificate) {
    case Certificate::expired:
      return problem(at, "the server's certificate has expired", "renew it on the server");
    case Certificate::not_yet_valid:
      return problem(at, "the server's certificate is not valid yet",
                     "set the clocks right, here or there");
    case Certificate::unknown_ca:
      return problem(at, "the server's certificate is of a CA that is not trusted here",
                     "give the cluster's CA with --cacert FILE");
    case Certificate::wrong_name:
      return problem(at, "the server's certificate is for another name",
                     "use a name that stands in it as endpoint, or give one with --server-name");
    default:
      return problem(at, "the server's certificate does not verify",
                     "see: openssl s_client -connect HOST:PORT");
  }
}

bool is_bad(Probe::Certificate certificate) {
  return certificate != Probe::Certificate::good && certificate != Probe::Certificate::not_seen;
}

Finding no_connection(const std::string& at, const Probe& found) {
  if (found.refused)
    return problem(at, "nothing listens there: " + found.why,
                   "start etcd, or set --endpoints or COORD_ENDPOINTS; for one of your own: "
                   "coord local start");
  return problem(at, "no connection: " + found.why, "check host, port, routes and firewall");
}

// Why does it not answer? In the order of what would hide the rest.
Finding diagnose(const etcd::Endpoint& endpoint, const etcd::TlsOptions& tls, const Probe& found,
                 const Error& error) {
  const std::string& at = endpoint.text;
  using Answer = Probe::Answer;
  if (found.answer == Answer::none) return no_connection(at, found);
  if (found.peer_port) return {Level::problem, "endpoint", at + kPeerPort, kClientPort};
  if (endpoint.tls && found.answer == Answer::plain)
    return problem(at, "the server speaks no TLS",
                   "use " + with_scheme(at, "http://") + ", without TLS options");
  if (!endpoint.tls && found.answer == Answer::tls)
    return problem(at, "the server speaks TLS",
                   "use " + with_scheme(at, "https://") +
                       " with --cacert, and --cert and --key "
                       "if it wants them");
  if (!tls.skip_verify && is_bad(found.certificate)) return bad_certificate(at, found.certificate);
  if (found.wants_certificate)
    return problem(at,
                   tls.cert_file.empty() ? "the server wants a client certificate"
                                         : "the server does not take the client certificate",
                   "give one that its CA has signed: --cert FILE --key FILE");
  if (found.answer == Answer::silent)
    return problem(at, "it takes connections and says nothing",
                   "is etcd stopped, or its disk stuck? look at its log");
  if (found.answer == Answer::foreign) return problem(at, "this is no etcd", "check the port");
  return problem(at, error.message,
                 error.hint.empty() ? "look at the log of that etcd" : error.hint);
}

// Not there, or not now: nothing that a setting could mend.
bool is_away(const Probe& found) {
  return found.answer == Probe::Answer::none || found.answer == Probe::Answer::silent;
}

void compare_clocks(const std::string& endpoint, const Probe& found, Findings& findings) {
  if (!found.date) return;
  const auto apart = std::chrono::abs(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - *found.date);
  if (apart <= kClockGrain) return;
  const Level level = apart > kClockDrift ? Level::warning : Level::ok;
  findings.push_back({level, "clock",
                      fmt::format("{} apart from that of {}; locks do not depend on it, "
                                  "certificates and logs do",
                                  format_duration(apart), endpoint),
                      level == Level::ok ? "" : "let NTP set both clocks"});
}

std::string named(const recipe::MemberHealth& one) {
  const std::string name = one.member ? one.member->name : "";
  return name.empty() ? one.endpoint : one.endpoint + " (" + name + ")";
}

void examine_one(const etcd::Options& options, const recipe::MemberHealth& one, bool others_answer,
                 Findings& findings) {
  if (one.endpoint.empty()) {
    findings.push_back({Level::warning, "member", "one that was added has never been started",
                        "start it, or take it out: coord member list, coord member remove ID"});
    return;
  }
  if (!one.status && one.status.error().code == Code::denied) {
    findings.push_back(
        {Level::problem, "login", one.status.error().message, one.status.error().hint});
    return;
  }
  const auto endpoint = etcd::parse_endpoint(one.endpoint, options.tls);
  if (!endpoint) {
    findings.push_back(
        {Level::problem, "endpoint", endpoint.error().message, endpoint.error().hint});
    return;
  }
  const Probe found = probe(*endpoint, options.tls, options.dial_timeout);
  if (!one.status) {
    Finding finding = diagnose(*endpoint, options.tls, found, one.status.error());
    if (others_answer && is_away(found)) finding.level = Level::warning;
    return findings.push_back(std::move(finding));
  }
  if (found.peer_port) {
    findings.push_back({Level::warning, "endpoint", one.endpoint + kPeerPort, kClientPort});
    return;
  }
  findings.push_back(
      {Level::ok, "endpoint", fmt::format("{}: etcd {}", named(one), one.status->version), ""});
  compare_clocks(one.endpoint, found, findings);
}

}  // namespace

void examine_endpoints(const cli::Env& env, const etcd::Options& options,
                       const recipe::Health& health, Findings& findings) {
  for (const recipe::MemberHealth& one : health.members)
    examine_one(options, one, health.newest.has_value(), findings);
  const bool plain = std::ranges::any_of(options.endpoints, [](const std::string& endpoint) {
    return !endpoint.starts_with("unix") && !endpoint.starts_with("https");
  });
  if (env.globals().connection.user.empty() || !plain || options.tls.any()) return;
  findings.push_back({Level::warning, "login", "the password crosses the network without TLS",
                      "let etcd serve https:// (--cert-file, --key-file)"});
}

}  // namespace coord::commands
