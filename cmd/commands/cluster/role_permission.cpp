#include <fmt/format.h>

#include <algorithm>

#include "cmd/cli/suggest.hpp"
#include "cmd/commands/cluster/role.hpp"
#include "cmd/commands/cluster/role_records.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

struct Range {
  std::string key;
  std::string end;
};

// An empty KEY with --prefix or --from-key is everything.
Result<Range> range_of(const RolePermissionOptions& options) {
  const std::string zero(1, '\0');
  if (options.prefix && options.from_key)
    return fail(Code::usage, "--from-key and --prefix contradict each other");
  const bool open = options.prefix || options.from_key;
  if (open && options.range_end)
    return fail(Code::usage, fmt::format("{} leaves no place for RANGE_END",
                                         options.prefix ? "--prefix" : "--from-key"));
  if (options.key.empty() && !open)
    return fail(Code::usage, "KEY is empty", "--prefix '' means every key");
  if (options.key.empty()) return Range{zero, zero};
  if (options.prefix) return Range{options.key, prefix_end(options.key)};
  return Range{options.key, options.from_key ? zero : options.range_end.value_or("")};
}

Result<etcd::Permission::Type> parse_type(std::string text) {
  using enum etcd::Permission::Type;
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  if (text == "read") return read;
  if (text == "write") return write;
  if (text == "readwrite") return readwrite;
  return cli::none_of("PERMISSION", text, {"read", "write", "readwrite"});
}

}  // namespace

Result<int> run_role_grant_permission(const RolePermissionOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto type, parse_type(options.type));
  COORD_TRY_INTO(const Range range, range_of(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).grant_permission(env.context(), options.role,
                                                         {type, range.key, range.end});
  if (!done) return std::unexpected(about("role grant-permission", options.role, done.error()));
  print_done(env, *done, fmt::format("Role {} updated", options.role));
  return 0;
}

Result<int> run_role_revoke_permission(const RolePermissionOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const Range range, range_of(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done =
      etcd::Auth(*client).revoke_permission(env.context(), options.role, range.key, range.end);
  if (!done) return std::unexpected(about("role revoke-permission", options.role, done.error()));
  const std::string what =
      range.end.empty() ? "key " + options.key : "range " + range_text(options.key, range.end);
  print_done(env, *done,
             fmt::format("Permission of {} is revoked from role {}", what, options.role));
  return 0;
}

}  // namespace coord::commands
