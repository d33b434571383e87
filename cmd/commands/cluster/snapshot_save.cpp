#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/cluster/snapshot.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/progress.hpp"
#include "cmd/commands/shared/until_signal.hpp"
#include "coord/etcd/maintenance.hpp"
#include "coord/snapshot/incoming.hpp"

namespace coord::commands {
namespace {

std::string how_far(std::uint64_t done, std::uint64_t left) {
  return fmt::format("{} of {}", bytes_text(static_cast<std::int64_t>(done)),
                     bytes_text(static_cast<std::int64_t>(done + left)));
}

// No limit of its own: a large database takes its time. A connection that has died ends it.
Context context_for(const cli::Env& env, const Context& ctx) {
  const bool chosen = env.globals().command_timeout != cli::Globals{}.command_timeout;
  return chosen ? ctx.at_most(env.globals().command_timeout) : ctx;
}

Result<std::string> save(const SnapshotOptions& options, cli::Env& env, const Context& ctx) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto file, snapshot::Incoming::create(options.file));
  Progress progress(env, "snapshot");
  const auto version = etcd::Maintenance(*client).snapshot(
      context_for(env, ctx), [&](std::string_view piece, std::uint64_t left) -> Result<> {
        COORD_TRY(file->add(piece));
        if (progress.due()) progress.tell(how_far(file->size(), left));
        return {};
      });
  if (!version) return version;
  COORD_TRY(file->commit());
  return version;
}

}  // namespace

Result<int> run_snapshot_save(const SnapshotOptions& options, cli::Env& env) {
  if (options.file.empty()) return fail(Code::usage, "FILE is empty");
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    COORD_TRY_INTO(const etcd::Options connection, env.connection());
    if (connection.endpoints.size() > 1)
      return fail(Code::usage, "a snapshot is of one member, and several endpoints are given",
                  "choose one with --endpoints");
    const auto version = save(options, env, ctx);
    if (!version)
      return std::unexpected(about("snapshot", "save '" + options.file + "'", version.error()));
    env.out().write(fmt::format("Snapshot saved at {}\n", options.file));  // in every format
    if (!version->empty()) env.out().write(fmt::format("Server version {}\n", *version));
    return cli::kDone;
  });
}

}  // namespace coord::commands
