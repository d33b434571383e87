// DNS SRV discovery, by the C library's resolver.
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <utility>

#include "coord/etcd/options.hpp"

namespace coord::etcd {
namespace {

// A server of DNS that is silent is asked for this long, twice; less if /etc/resolv.conf says so.
constexpr int kSeconds = 1;
constexpr int kTries = 2;

struct Target {
  unsigned priority = 0;  // lower ones first
  double draw = 0;        // a random order within a priority, heavier ones likely first
  std::string endpoint;   // HOST:PORT
};

class Resolver {
 public:
  Resolver() : ready_(res_ninit(&state_) == 0) {
    state_.retrans = std::min(state_.retrans, kSeconds);
    state_.retry = std::min(state_.retry, kTries);
  }
  ~Resolver() {
    if (ready_) res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // The targets of one SRV name in the order in which they shall be tried; empty when there is no
  // such record. Code::unavailable when nobody answers.
  Result<std::vector<std::string>> lookup(const std::string& name) {
    const BootTime start = BootClock::now();
    const int length = ready_ ? ask(name) : -1;
    slow_ = BootClock::now() - start >= std::chrono::seconds{kSeconds};
    if (length < 0 && state_.res_h_errno == TRY_AGAIN) {
      return fail(Code::unavailable, fmt::format("DNS does not answer for '{}'", name),
                  "look at the name servers in /etc/resolv.conf, or give --endpoints");
    }
    std::vector<Target> targets;
    ns_msg message;
    if (length > 0 && ns_initparse(answer_.data(), length, &message) == 0)
      targets = read_targets(message);
    std::ranges::sort(targets, {}, [](const Target& t) { return std::pair(t.priority, t.draw); });
    std::vector<std::string> endpoints;
    for (Target& target : targets) endpoints.push_back(std::move(target.endpoint));
    return endpoints;
  }

  bool was_slow() const { return slow_; }  // the last time: somebody did not answer

 private:
  int ask(const std::string& name) {
    return res_nquery(&state_, name.c_str(), ns_c_in, ns_t_srv, answer_.data(),
                      static_cast<int>(answer_.size()));
  }

  std::vector<Target> read_targets(ns_msg& message) {
    std::vector<Target> targets;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
      ns_rr record;
      if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_srv)
        continue;
      const unsigned char* data = ns_rr_rdata(record);
      std::array<char, NS_MAXDNAME> host{};
      if (ns_rr_rdlen(record) < 7 || dn_expand(ns_msg_base(message), ns_msg_end(message), data + 6,
                                               host.data(), static_cast<int>(host.size())) < 0) {
        continue;
      }
      if (host[0] == '\0' || host[0] == '.') continue;  // "there is no such service here"
      std::exponential_distribution<double> draw(ns_get16(data + 2) + 0.01);
      targets.push_back({.priority = ns_get16(data),
                         .draw = draw(random_),
                         .endpoint = fmt::format("{}:{}", host.data(), ns_get16(data + 4))});
    }
    return targets;
  }

  struct __res_state state_{};
  bool ready_;
  bool slow_ = false;
  std::array<unsigned char, NS_MAXMSG> answer_{};
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

Result<std::vector<std::string>> discover_srv(const std::string& domain,
                                              const std::string& service_name) {
  const std::string suffix = service_name.empty() ? "" : "-" + service_name;
  Resolver resolver;
  std::vector<std::string> endpoints;
  std::optional<Error> failure;
  for (const auto& [service, scheme] :
       {std::pair{"_etcd-client-ssl", "https://"}, std::pair{"_etcd-client", "http://"}}) {
    const auto targets = resolver.lookup(fmt::format("{}{}._tcp.{}", service, suffix, domain));
    if (!targets) failure = targets.error();
    for (const std::string& target : targets.value_or(std::vector<std::string>{}))
      endpoints.push_back(scheme + target);
    if (!targets && resolver.was_slow()) break;  // the next name would take as long
  }
  if (!endpoints.empty()) return endpoints;
  if (failure) return std::unexpected(*failure);
  return fail(Code::unavailable, fmt::format("domain '{}' has no SRV records for etcd", domain),
              fmt::format("looked for _etcd-client-ssl{0}._tcp and _etcd-client{0}._tcp", suffix));
}

}  // namespace coord::etcd
