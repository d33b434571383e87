#include "cmd/commands/del.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/about.hpp"
#include "cmd/commands/records.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord del foo\n"
    "coord del /app/ --prefix\n"
    "coord del a m --prev-kv\n";

out::Record del_record(etcd::DeleteReply reply) {
  out::Record record;
  record.fields.push_back(header_field(reply.header));
  record.add("deleted", "Deleted", reply.deleted);
  record.line(std::to_string(reply.deleted));
  out::List previous;
  for (etcd::KeyValue& kv : reply.prev_kvs) {
    record.bytes(kv.key).bytes(kv.value);
    previous.emplace_back(key_value_fields(std::move(kv), "Prev"));
  }
  record.add("prev_kvs", "", std::move(previous));
  return record;
}

}  // namespace

void define_del(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DelOptions>();
  CLI::App& app = cli::add_command(
      root, {"del", "Keys", "Deletes keys, and says how many there were.", kExamples});
  cli::operand(app, "KEY", options->keys.first, "the key, or where the range begins",
               cli::Shown::plain);
  cli::operand(app, "RANGE_END", options->keys.second,
               "where the range ends: the first key that stays");
  add_range_options(app, options->keys);
  add_key_options(app, options->keys);
  cli::flag(app, "--range", options->range, "says that RANGE_END is meant, for etcdctl's sake");
  cli::flag(app, "--prev-kv", options->prev_kv, "show what was deleted");
  registry.add(app, {.run = [options](cli::Env& env) { return run_del(*options, env); }});
}

Result<int> run_del(const DelOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto range, resolve_range(options.keys));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto reply =
      etcd::Kv(*client).remove(env.context(), {range.key, range.range_end, options.prev_kv});
  if (!reply) return std::unexpected(about("del", describe(options.keys, range), reply.error()));
  env.print(del_record(*std::move(reply)));
  return 0;
}

}  // namespace coord::commands
