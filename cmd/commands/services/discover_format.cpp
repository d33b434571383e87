#include "cmd/commands/services/discover_format.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cmd/cli/shell_word.hpp"
#include "cmd/cli/suggest.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

using cli::in_single_quotes;
using recipe::Instance;
using Lines = std::vector<std::string>;

bool is_ip(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(family, host.c_str(), bytes.data()) == 1;
}

bool is_of(const Instance& instance, int family) {
  const auto parts = recipe::split_address(instance.address);
  return parts && is_ip(family, parts->host);
}

std::string joined(std::span<const Instance> instances, const char* between) {
  std::string text;
  for (const Instance& one : instances) text += (text.empty() ? "" : between) + one.address;
  return text;
}

Lines hosts(const recipe::Service& service, std::span<const Instance> instances) {
  Lines lines;
  std::set<std::string> seen;
  for (const Instance& one : instances) {
    const auto parts = recipe::split_address(one.address);
    if (!parts || (!is_ip(AF_INET, parts->host) && !is_ip(AF_INET6, parts->host))) continue;
    if (seen.insert(parts->host).second) lines.push_back(parts->host + '\t' + service.name);
  }
  return lines;
}

Lines assignments(const recipe::Service& service, std::span<const Instance> instances) {
  Lines lines{"COORD_SERVICE=" + in_single_quotes(service.name),
              "COORD_ADDRS=" + in_single_quotes(joined(instances, " ")),
              fmt::format("COORD_COUNT={}", instances.size())};
  for (std::size_t i = 0; i < instances.size(); ++i)
    lines.push_back(fmt::format("COORD_ADDR_{}={}", i + 1, in_single_quotes(instances[i].address)));
  return lines;
}

// gRPC takes one kind of address in a target, and of names one only.
Result<Lines> target(std::span<const Instance> instances) {
  for (const auto& [family, scheme] : {std::pair{AF_INET, "ipv4:"}, {AF_INET6, "ipv6:"}}) {
    if (std::ranges::all_of(instances, [&](const auto& one) { return is_of(one, family); }))
      return Lines{scheme + joined(instances, ",")};
  }
  const std::string& only = instances.front().address;
  if (instances.size() == 1) return Lines{only.starts_with("unix:") ? only : "dns:///" + only};
  return fail(
      Code::bad_data,
      "a gRPC target has IPv4 addresses, IPv6 addresses or one name, but these are mixed: " +
          joined(instances, " "),
      "take one with --pick, or register IP addresses");
}

}  // namespace

Result<ServiceFormat> service_format(const std::string& word) {
  static constexpr std::array<std::pair<const char*, ServiceFormat>, 5> kFormats{
      {{"addr", ServiceFormat::addr},
       {"json", ServiceFormat::json},
       {"hosts", ServiceFormat::hosts},
       {"env", ServiceFormat::env},
       {"grpc", ServiceFormat::grpc}}};
  const auto* const found = std::ranges::find(
      kFormats, word, [](const auto& format) { return std::string(format.first); });
  if (found != kFormats.end()) return found->second;
  return cli::none_of("--format", word, {"addr", "json", "hosts", "env", "grpc"});
}

out::Fields instance_fields(const Instance& instance) {
  out::Fields metadata;
  for (const auto& [name, value] : instance.metadata)
    metadata.push_back({name, name, out::Text{value}, out::Zero::keep});
  out::Record record;
  record.add("address", "Address", out::Readable{instance.address});
  if (!metadata.empty()) record.add("metadata", "", std::move(metadata));
  record.add("key", "Key", out::Readable{instance.key});
  if (instance.lease != 0)
    record.add("lease", "Lease", out::Text{layout::lease_hex(instance.lease)});
  record.add("rev", "Rev", instance.create_revision);
  record.add("mod_revision", "ModRevision", instance.mod_revision);
  return record.fields;
}

out::Record list_record(const recipe::Service& service, const recipe::InstanceList& list) {
  out::Record record;
  record.add("service", "Service", out::Readable{service.name});
  out::List instances;
  for (const Instance& one : list.instances) instances.emplace_back(instance_fields(one));
  record.add("instances", "", std::move(instances), out::Zero::keep);
  record.add("count", "Count", static_cast<std::int64_t>(list.instances.size()), out::Zero::keep);
  record.add("revision", "Revision", list.header.revision);
  return record;
}

Result<Lines> lines_of(ServiceFormat format, const recipe::Service& service,
                       std::span<const Instance> instances) {
  if (format == ServiceFormat::hosts) return hosts(service, instances);
  if (format == ServiceFormat::env) return assignments(service, instances);
  if (format == ServiceFormat::grpc && !instances.empty()) return target(instances);
  Lines lines;
  for (const Instance& one : instances) lines.push_back(one.address);
  return lines;
}

}  // namespace coord::commands
