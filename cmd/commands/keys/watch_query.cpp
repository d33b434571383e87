#include <algorithm>

#include "cmd/cli/define.hpp"
#include "cmd/commands/keys/watch.hpp"

namespace coord::commands {
namespace {

Result<KeyWords> with_variables(KeyWords words, const WatchVariables& variables) {
  if (has_key(words)) return words;
  if (!variables.key)
    return fail(Code::usage, variables.range_end
                                 ? "KEY is missing: ETCDCTL_WATCH_RANGE_END stands alone"
                                 : "KEY is missing");
  words.first = variables.key;
  words.second = variables.range_end;
  return words;
}

}  // namespace

bool has_key(const KeyWords& words) { return words.first || words.file || words.hex; }

void add_watch_words(CLI::App& app, WatchOptions& options) {
  add_range_operands(app, options.keys, "the first key that is not in it");
  add_range_options(app, options.keys);
  add_key_options(app, options.keys);
  cli::number(app, "--rev", options.revision, "begin with what happened at this revision");
  cli::flag(app, "--prev-kv", options.prev_kv, "show what the key was before");
  cli::flag(app, "--progress-notify", options.progress_notify,
            "say every ten minutes how far it is, when nothing happens");
}

Result<etcd::WatchRequest> watch_query(const WatchOptions& options,
                                       const WatchVariables& variables) {
  COORD_TRY_INTO(const KeyWords words, with_variables(options.keys, variables));
  COORD_TRY_INTO(KeyRange range, resolve_range(words));
  etcd::WatchRequest request;
  request.key = std::move(range.key);
  request.range_end = std::move(range.range_end);
  request.start_revision = std::max<std::int64_t>(options.revision, 0);
  request.prev_kv = options.prev_kv;
  request.progress_notify = options.progress_notify;
  return request;
}

}  // namespace coord::commands
