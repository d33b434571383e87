#include "cmd/commands/del.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/about.hpp"
#include "cmd/commands/reply_records.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord del foo\n"
    "coord del /app/ --prefix\n"
    "coord del a m --prev-kv\n";

}  // namespace

CLI::App& add_del(CLI::App& root, DelOptions& options) {
  CLI::App& app = cli::add_command(
      root, {"del", "Keys", "Deletes keys, and says how many there were.", kExamples});
  cli::operand(app, "KEY", options.keys.first, "the key, or where the range begins",
               cli::Shown::plain);
  cli::operand(app, "RANGE_END", options.keys.second,
               "where the range ends: the first key that stays");
  add_range_options(app, options.keys);
  add_key_options(app, options.keys);
  cli::flag(app, "--range", options.range, "says that RANGE_END is meant, for etcdctl's sake");
  cli::flag(app, "--prev-kv", options.prev_kv, "show what was deleted");
  return app;
}

void define_del(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DelOptions>();
  CLI::App& app = add_del(root, *options);
  registry.add(app, {.run = [options](cli::Env& env) { return run_del(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<etcd::DeleteRequest> del_query(const DelOptions& options) {
  COORD_TRY_INTO(auto range, resolve_range(options.keys));
  return etcd::DeleteRequest{std::move(range.key), std::move(range.range_end), options.prev_kv};
}

Result<int> run_del(const DelOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto request, del_query(options));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto reply = etcd::Kv(*client).remove(env.context(), request);
  const KeyRange range{request.key, request.range_end};
  if (!reply) return std::unexpected(about("del", describe(options.keys, range), reply.error()));
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(del_record(*std::move(reply)));
  return 0;
}

}  // namespace coord::commands
