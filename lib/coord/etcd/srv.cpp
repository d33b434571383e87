// DNS SRV discovery, by the C library's resolver.
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <resolv.h>

#include <array>

#include "coord/etcd/options.hpp"

namespace coord::etcd {
namespace {

// The targets of one SRV name as HOST:PORT; empty when there is no such record.
std::vector<std::string> lookup(const std::string& name) {
  std::array<unsigned char, NS_MAXMSG> answer{};
  const int length =
      res_query(name.c_str(), ns_c_in, ns_t_srv, answer.data(), static_cast<int>(answer.size()));
  std::vector<std::string> targets;
  ns_msg message;
  if (length <= 0 || ns_initparse(answer.data(), length, &message) != 0) return targets;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_srv) continue;
    const unsigned char* data = ns_rr_rdata(record);
    std::array<char, NS_MAXDNAME> host{};
    if (ns_rr_rdlen(record) < 7 || dn_expand(ns_msg_base(message), ns_msg_end(message), data + 6,
                                             host.data(), static_cast<int>(host.size())) < 0) {
      continue;
    }
    targets.push_back(fmt::format("{}:{}", host.data(), ns_get16(data + 4)));
  }
  return targets;
}

}  // namespace

Result<std::vector<std::string>> discover_srv(const std::string& domain,
                                              const std::string& service_name) {
  const std::string suffix = service_name.empty() ? "" : "-" + service_name;
  std::vector<std::string> endpoints;
  for (const std::string& target :
       lookup(fmt::format("_etcd-client-ssl{}._tcp.{}", suffix, domain))) {
    endpoints.push_back("https://" + target);
  }
  for (const std::string& target : lookup(fmt::format("_etcd-client{}._tcp.{}", suffix, domain))) {
    endpoints.push_back("http://" + target);
  }
  if (!endpoints.empty()) return endpoints;
  return fail(Code::unavailable, fmt::format("domain '{}' has no SRV records for etcd", domain),
              fmt::format("looked for _etcd-client-ssl{0}._tcp and _etcd-client{0}._tcp", suffix));
}

}  // namespace coord::etcd
