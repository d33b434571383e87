#include "cmd/commands/keys/export.hpp"

#include <fmt/format.h>

#include <array>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/compacted.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/progress.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

constexpr std::array kFormats{out::Format::simple, out::Format::json};
constexpr const char* kExamples =
    "coord export /app/ > app.jsonl\n"
    "coord export /app/ --rev 1504 | jq -r .key\n"
    "coord export /app/ | coord --endpoints other:2379 import -";

// AT is the revision that all of it is of.
out::Record line_of(etcd::KeyValue kv, std::int64_t at) {
  out::Record record;
  record.add("key", "Key", out::Readable{std::move(kv.key)}, out::Zero::keep)
      .add("value", "Value", out::Readable{std::move(kv.value)}, out::Zero::keep);
  if (kv.lease != 0) record.add("lease", "Lease", out::Text{layout::lease_hex(kv.lease)});
  record.add("mod_revision", "ModRevision", kv.mod_revision).add("revision", "Revision", at);
  return record;
}

Result<> export_all(etcd::RangePages pages, std::int64_t revision, cli::Env& env) {
  const auto json = out::make_json_printer(env.out());
  Progress progress(env, "export", proc::is_terminal(env.streams().out));
  for (std::size_t count = 0;;) {
    COORD_TRY_INTO(auto page, pages.next(env.context()));
    if (!page) return {};
    if (revision == 0) revision = page->header.revision;
    count += page->kvs.size();
    for (etcd::KeyValue& kv : page->kvs) json->print(line_of(std::move(kv), revision));
    COORD_TRY(env.out().status());
    progress.count(count, "key");
  }
}

}  // namespace

void define_export(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App& app = cli::add_command(
      root, {"export", "Keys", "Prints the keys of a prefix at one revision, a JSON object a line.",
             kExamples});
  cli::operand(app, "PREFIX", options->prefix, "what the keys begin with; '': every key");
  cli::number(app, "--rev", options->revision, "as the store was at this revision");
  registry.add(app, {.run = [options](cli::Env& env) { return run_export(*options, env); },
                     .formats = kFormats});
}

Result<int> run_export(const ExportOptions& options, cli::Env& env) {
  if (options.revision != 0) COORD_TRY(check_revision("--rev", options.revision));
  auto request = etcd::RangeRequest::prefix(options.prefix);
  request.revision = options.revision;
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = export_all(etcd::RangePages(*client, request), options.revision, env);
  if (done) return cli::kDone;
  Error error = about("export", in_quotes(options.prefix), done.error(), "get");
  return std::unexpected(with_oldest(*client, env.context(), request.key, std::move(error)));
}

}  // namespace coord::commands
