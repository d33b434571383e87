#include "cmd/commands/cluster/snapshot.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/admin_words.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

using Run = Result<int> (*)(const SnapshotOptions&, cli::Env&);

CLI::App& define(CLI::App& snapshot, cli::Registry& registry, const cli::CommandText& text, Run run,
                 out::Formats formats = out::kStreamFormats) {
  const auto options = std::make_shared<SnapshotOptions>();
  CLI::App& app = cli::add_command(snapshot, text);
  cli::operand(app, "FILE", options->file, "the snapshot");
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = formats});
  return app;
}

// The words of etcdctl's restore, so that its lines get to the answer.
void take_restore_options(CLI::App& app) {
  static std::string text;
  static bool flag = false;
  for (const char* name : {"--data-dir", "--wal-dir", "--name", "--initial-cluster",
                           "--initial-cluster-token", "--initial-advertise-peer-urls"})
    cli::text(app, name, text, "TEXT", "see etcdutl");
  for (const char* name : {"--skip-hash-check", "--bump-revision", "--mark-compacted"})
    cli::flag(app, name, flag, "see etcdutl");
}

}  // namespace

void define_snapshot(CLI::App& root, cli::Registry& registry) {
  CLI::App& snapshot =
      cli::add_command(root, {"snapshot", "Cluster",
                              "Saves the whole database of a member in a file, and looks into one.",
                              "coord snapshot save backup.db\ncoord snapshot status backup.db"});
  define(snapshot, registry,
         {"save", kGroup, "Saves a snapshot, from one endpoint.",
          "coord snapshot save backup.db\n"
          "coord --endpoints 10.0.0.1:2379 snapshot save /backup/$(date +%F).db"},
         run_snapshot_save, out::kEveryFormat);
  define(snapshot, registry,
         {"status", kGroup, "Shows hash, revision, number of keys and size of a snapshot.",
          "coord snapshot status backup.db\ncoord snapshot status backup.db --json"},
         run_snapshot_status, out::kRowFormats);
  take_restore_options(
      define(snapshot, registry,
             {"restore", kGroup, "Says how a snapshot is restored: by etcdutl.",
              "coord snapshot restore backup.db\ncoord snapshot restore backup.db --help"},
             run_snapshot_restore));
}

}  // namespace coord::commands
