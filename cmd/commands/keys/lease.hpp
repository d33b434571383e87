// coord lease grant, revoke, timetolive, list, keep-alive.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/out/value.hpp"
#include "coord/etcd/types.hpp"

namespace coord::commands {

struct LeaseGrantOptions {
  std::string ttl;  // seconds, or a duration of whole seconds
};

struct LeaseRevokeOptions {
  std::string lease;
};

struct LeaseTimetoliveOptions {
  std::string lease;
  bool keys = false;
};

struct LeaseKeepAliveOptions {
  std::string lease;
  bool once = false;
};

void define_lease(CLI::App& root, cli::Registry& registry);

Result<int> run_lease_grant(const LeaseGrantOptions& options, cli::Env& env);
Result<int> run_lease_revoke(const LeaseRevokeOptions& options, cli::Env& env);
Result<int> run_lease_timetolive(const LeaseTimetoliveOptions& options, cli::Env& env);
Result<int> run_lease_list(cli::Env& env);
// Goes on until the lease is gone, or a signal ends it.
Result<int> run_lease_keep_alive(const LeaseKeepAliveOptions& options, cli::Env& env);

// Code::usage, quoting the text.
Result<std::int64_t> parse_lease_id(const std::string& text);
// 16 digits, as etcdctl shows an id.
std::string lease_text(std::int64_t lease);
// In json the header's members stand in the object itself.
out::Record lease_record(const etcd::Header& header);

}  // namespace coord::commands
