#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cmd/commands/tools/doctor_findings.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr int kReads = 5;
constexpr auto kLeaseTtl = 60s;  // of the one that is granted and revoked
// A session renews when a third of its lease has gone, and wants to try more than once.
constexpr int kTripsInLease = 10;
constexpr int kFewTrips = 4;

Finding refused(const std::string& what, const Error& error) {
  const bool login = error.code == Code::denied;
  return {Level::problem, login ? "login" : "requests", what + ": " + error.message,
          error.hint.empty() ? "look at the log of etcd" : error.hint};
}

// The slowest, for it is the slow one that ends a lease.
Result<Duration> read_time(cli::Env& env, etcd::Client& client) {
  Duration slowest{0};
  for (int i = 0; i < kReads; ++i) {
    const BootTime start = BootClock::now();
    const auto reply =
        etcd::Kv(client).range(env.context(), {.key = "coord/doctor", .keys_only = true});
    if (!reply) return std::unexpected(reply.error());
    if (i > 0) slowest = std::max<Duration>(slowest, BootClock::now() - start);  // 0: connects
  }
  return slowest;
}

// A lease goes through the log of the cluster as a write does, and leaves nothing in the store.
Result<Duration> write_time(cli::Env& env, etcd::Client& client) {
  const BootTime start = BootClock::now();
  COORD_TRY_INTO(const auto lease, etcd::Lease(client).grant(env.context(), kLeaseTtl));
  const Duration granted = BootClock::now() - start;
  COORD_TRY(etcd::Lease(client).revoke(env.context(), lease.id));
  return std::max<Duration>(granted, BootClock::now() - start - granted);
}

std::string in_ms(Duration span) {
  return fmt::format("{:.1f} ms", std::chrono::duration<double, std::milli>(span).count());
}

void judge_ttl(Duration ttl, Duration trip, Findings& findings) {
  const auto trips = ttl / std::max<Duration>(trip, 1us);
  const auto enough = std::chrono::ceil<std::chrono::seconds>(trip * kTripsInLease);
  const Level level = trips < kFewTrips       ? Level::problem
                      : trips < kTripsInLease ? Level::warning
                                              : Level::ok;
  findings.push_back(
      {level, "lease",
       fmt::format("one of {} has time for {} requests as slow as these{}", format_duration(ttl),
                   trips > 1000 ? "more than 1000" : std::to_string(trips),
                   level == Level::ok ? "" : ", which is too few"),
       level == Level::ok ? "" : fmt::format("use --ttl {}s or more", enough.count())});
}

}  // namespace

void examine_requests(cli::Env& env, etcd::Client& client, Duration ttl, Findings& findings) {
  const auto read = read_time(env, client);
  if (!read && etcd::is_permission_denied(read.error())) {
    const std::string& name_space = env.globals().connection.name_space;
    findings.push_back({Level::warning, "login",
                        fmt::format("this user may not read every key: {}", read.error().message),
                        name_space.empty()
                            ? "use names that it may, perhaps with --namespace, or ask for a role"
                            : "ask for a role for the keys below " + in_quotes(name_space)});
  } else if (!read) {
    return findings.push_back(refused("reading", read.error()));
  }
  const auto write = write_time(env, client);
  if (!write) return findings.push_back(refused("writing", write.error()));
  const std::string reading = read ? "a read takes " + in_ms(*read) + ", " : "";
  findings.push_back({Level::ok, "requests", reading + "a write " + in_ms(*write), ""});
  judge_ttl(ttl, std::max(*write, read.value_or(Duration{0})), findings);
}

}  // namespace coord::commands
