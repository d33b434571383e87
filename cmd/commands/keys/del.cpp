#include "cmd/commands/keys/del.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/reply_records.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/confirm.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord del foo\n"
    "coord del /app/ --prefix\n"
    "coord del a m --prev-kv\n"
    "coord del foo --if-revision 1504";

Result<> check(const DelOptions& options, const etcd::DeleteRequest& request) {
  COORD_TRY(check_conditions(options.conditions));
  if (!options.conditions.of_key() || request.range_end.empty()) return {};
  return fail(Code::usage, "--if-revision and --if-value go with one KEY only");
}

// Asks a person who is about to delete many. False: no.
Result<bool> confirmed(const DelOptions& options, const etcd::DeleteRequest& request,
                       etcd::Client& client, cli::Env& env) {
  if (options.yes || request.range_end.empty() || !has_person(env)) return true;
  const auto found = etcd::Kv(client).range(
      env.context(), {.key = request.key, .range_end = request.range_end, .count_only = true});
  // Who may delete but not read is not kept from it.
  if (!found && found.error().code == Code::denied) return true;
  if (!found) return std::unexpected(found.error());
  if (found->count <= kManyKeys) return true;
  return confirm(env, fmt::format("Delete {} keys?", found->count));
}

Result<etcd::DeleteReply> remove(const DelOptions& options, const etcd::DeleteRequest& request,
                                 etcd::Client& client, cli::Env& env) {
  if (!options.conditions.any()) return etcd::Kv(client).remove(env.context(), request);
  COORD_TRY_INTO(const auto txn, guarded(options.conditions, request.key, request));
  COORD_TRY_INTO(auto reply, send_once(client, env.context(), txn));
  if (!reply.succeeded) return std::unexpected(refusal(options.conditions, reply));
  auto done = std::get<etcd::DeleteReply>(std::move(reply.replies.front()));
  done.header = reply.header;
  return done;
}

Result<int> delete_all(const DelOptions& options, const etcd::DeleteRequest& request,
                       etcd::Client& client, cli::Env& env) {
  COORD_TRY_INTO(const bool yes, confirmed(options, request, client, env));
  if (!yes) return cli::kNo;
  COORD_TRY_INTO(auto reply, remove(options, request, client, env));
  env.printer().message([&] { return etcd::wire(reply); });
  env.print(del_record(std::move(reply)));
  return cli::kDone;
}

}  // namespace

CLI::App& add_del(CLI::App& root, DelOptions& options) {
  CLI::App& app = cli::add_command(
      root, {"del", "Keys", "Deletes keys, and says how many there were.", kExamples});
  add_range_operands(app, options.keys, "the first key that stays");
  add_range_options(app, options.keys);
  add_key_options(app, options.keys);
  cli::flag(app, "--range", options.range, "says that RANGE_END is meant, for etcdctl's sake");
  cli::flag(app, "--prev-kv", options.prev_kv, "show what was deleted");
  return app;
}

void define_del(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DelOptions>();
  CLI::App& app = add_del(root, *options);
  add_conditions(app, options->conditions);
  cli::flag(app, "--yes", options->yes, "do not ask, however many keys it is");
  registry.add(app, {.run = [options](cli::Env& env) { return run_del(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<etcd::DeleteRequest> del_query(const DelOptions& options) {
  COORD_TRY_INTO(auto range, resolve_range(options.keys));
  return etcd::DeleteRequest{std::move(range.key), std::move(range.range_end), options.prev_kv};
}

Result<int> run_del(const DelOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto request, del_query(options));
  COORD_TRY(check(options, request));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto done = delete_all(options, request, *client, env);
  if (done || done.error().code == Code::usage) return done;
  const KeyRange range{request.key, request.range_end};
  const char* asked = options.conditions.any() ? "txn" : "del";
  return std::unexpected(about("del", describe(options.keys, range), done.error(), asked));
}

}  // namespace coord::commands
