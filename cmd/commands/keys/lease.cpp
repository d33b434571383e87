#include "cmd/commands/keys/lease.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

void define_grant(CLI::App& lease, cli::Registry& registry) {
  const auto options = std::make_shared<LeaseGrantOptions>();
  CLI::App& app = cli::add_command(
      lease, {"grant", kGroup, "Makes a lease.", "coord lease grant 60\ncoord lease grant 5m"});
  cli::operand(app, "TTL", options->ttl, "how long it lives without a renewal: seconds, or 5m");
  registry.add(app, {.run = [options](cli::Env& env) { return run_lease_grant(*options, env); },
                     .formats = out::kMessageFormats});
}

void define_revoke(CLI::App& lease, cli::Registry& registry) {
  const auto options = std::make_shared<LeaseRevokeOptions>();
  CLI::App& app = cli::add_command(
      lease, {"revoke", kGroup, "Ends a lease and deletes its keys.",
              "coord lease revoke 7d7ba1fcce17f799\ncoord lease revoke 7d7ba1fcce17f799 -w json"});
  cli::operand(app, "LEASE", options->lease, "its id, in hex");
  registry.add(app, {.run = [options](cli::Env& env) { return run_lease_revoke(*options, env); },
                     .formats = out::kMessageFormats});
}

void define_timetolive(CLI::App& lease, cli::Registry& registry) {
  const auto options = std::make_shared<LeaseTimetoliveOptions>();
  CLI::App& app =
      cli::add_command(lease, {"timetolive", kGroup, "Says how long a lease still lives.",
                               "coord lease timetolive 7d7ba1fcce17f799 --keys\ncoord lease "
                               "timetolive 7d7ba1fcce17f799 -w json | jq .ttl"});
  cli::operand(app, "LEASE", options->lease, "its id, in hex");
  cli::flag(app, "--keys", options->keys, "also its keys");
  registry.add(app,
               {.run = [options](cli::Env& env) { return run_lease_timetolive(*options, env); },
                .formats = out::kMessageFormats});
}

void define_keep_alive(CLI::App& lease, cli::Registry& registry) {
  const auto options = std::make_shared<LeaseKeepAliveOptions>();
  CLI::App& app = cli::add_command(
      lease,
      {"keep-alive", kGroup, "Renews a lease, again and again.",
       "coord lease keep-alive 7d7ba1fcce17f799\ncoord lease keep-alive --once 7d7ba1fcce17f799"});
  cli::operand(app, "LEASE", options->lease, "its id, in hex");
  cli::flag(app, "--once", options->once, "renew it once only");
  registry.add(app,
               {.run = [options](cli::Env& env) { return run_lease_keep_alive(*options, env); },
                .formats = out::kMessageFormats});
}

}  // namespace

void define_lease(CLI::App& root, cli::Registry& registry) {
  CLI::App& lease = cli::add_command(
      root,
      {"lease", "Keys", "Makes, renews and ends leases: spans of time that keys can be tied to.",
       "coord lease grant 60\ncoord lease list"});
  define_grant(lease, registry);
  define_revoke(lease, registry);
  define_timetolive(lease, registry);
  CLI::App& list = cli::add_command(
      lease, {"list", kGroup, "Lists the leases.",
              "coord lease list\ncoord lease list -w json | jq -r '.leases[].id'"});
  registry.add(list, {.run = run_lease_list, .formats = out::kMessageFormats});
  define_keep_alive(lease, registry);
}

Result<std::int64_t> parse_lease_id(const std::string& text) {
  if (const auto lease = layout::parse_lease(text)) return *lease;
  return fail(Code::usage, fmt::format("'{}' is not a lease id", text),
              "ids are hex, as 'coord lease list' shows them");
}

std::string lease_text(std::int64_t lease) {
  return fmt::format("{:016x}", static_cast<std::uint64_t>(lease));
}

out::Record lease_record(const etcd::Header& header) {
  out::Record record;
  record.fields = header_fields(header);
  return record;
}

}  // namespace coord::commands
