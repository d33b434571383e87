#include <fmt/format.h>

#include "cmd/commands/cluster/snapshot.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "coord/snapshot/summary.hpp"

namespace coord::commands {

Result<int> run_snapshot_status(const SnapshotOptions& options, cli::Env& env) {
  const auto summary = snapshot::summarize(options.file);
  if (!summary) return std::unexpected(in_context("snapshot status", summary.error()));
  out::Record record;
  record.add("hash", "Hash", static_cast<std::int64_t>(summary->hash), out::Zero::keep);
  record.add("revision", "Revision", summary->revision, out::Zero::keep);
  record.add("totalKey", "Keys", summary->keys, out::Zero::keep);
  record.add("totalSize", "Size", summary->size, out::Zero::keep);
  out::Cells cells{{"HASH", fmt::format("{:x}", summary->hash)},
                   {"REVISION", std::to_string(summary->revision)},
                   {"TOTAL KEYS", std::to_string(summary->keys)},
                   {"TOTAL SIZE", bytes_text(summary->size)}};
  record.line(joined(cells));
  record.row(std::move(cells));
  env.print(record);
  return 0;
}

Result<int> run_snapshot_restore(const SnapshotOptions& options, cli::Env& /*env*/) {
  return fail(Code::usage, "coord does not make the data folder of a member; etcdutl does",
              fmt::format("etcdutl snapshot restore {} --data-dir DIR", options.file));
}

}  // namespace coord::commands
