#include "cmd/commands/keys/put.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/keys/lease.hpp"
#include "cmd/commands/keys/put_value.hpp"
#include "cmd/commands/keys/reply_records.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/read_file.hpp"
#include "coord/base/bytes.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord put foo bar\n"
    "coord put config < config.ini\n"
    "coord put leader.conf --file new.conf --if-revision 1504\n"
    "coord put -- -key -value";

Result<std::string> value_of_stdin(cli::Env& env) {
  COORD_TRY_INTO(auto value, read_value(env));
  // Most likely the command in front of the pipe failed.
  if (value.empty())
    return fail(Code::usage, "no VALUE, and nothing on stdin",
                "to write an empty value: coord put KEY ''");
  return value;
}

Result<std::string> value_of_file(const PutOptions& options, const KeyAndRest& given,
                                  cli::Env& env) {
  if (given.rest) return fail(Code::usage, "no VALUE beside --file");
  if (options.ignore_value) return fail(Code::usage, "no --file beside --ignore-value");
  return *options.file == "-" ? read_value(env) : read_file(*options.file);
}

// The put alone, or as part of a transaction that checks the conditions.
Result<etcd::PutReply> write(const PutOptions& options, const etcd::PutRequest& request,
                             etcd::Client& client, cli::Env& env) {
  if (!options.conditions.any()) return etcd::Kv(client).put(env.context(), request);
  COORD_TRY_INTO(const auto txn, guarded(options.conditions, request.key, request));
  COORD_TRY_INTO(auto reply, send_once(client, env.context(), txn));
  if (!reply.succeeded) return std::unexpected(refusal(options.conditions, reply));
  auto done = std::get<etcd::PutReply>(std::move(reply.replies.front()));
  done.header = reply.header;
  return done;
}

}  // namespace

CLI::App& add_put(CLI::App& root, PutOptions& options) {
  CLI::App& app = cli::add_command(root, {"put", "Keys", "Writes a value under a key.", kExamples});
  cli::operand(app, "KEY", options.keys.first, "the key", cli::Shown::plain);
  cli::operand(app, "VALUE", options.keys.second, "the value; without it, all of stdin");
  add_key_options(app, options.keys);
  cli::text(app, "--lease", options.lease, "LEASE", "tie the key to this lease (hex)");
  cli::flag(app, "--prev-kv", options.prev_kv, "show what the key was before");
  cli::flag(app, "--ignore-value", options.ignore_value, "keep the value that is there");
  cli::flag(app, "--ignore-lease", options.ignore_lease, "keep the lease that is there");
  return app;
}

void define_put(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<PutOptions>();
  CLI::App& app = add_put(root, *options);
  cli::text(app, "--file", options->file, "FILE", "the value is the whole content of FILE");
  cli::flag(app, "--if-absent", options->conditions.absent,
            "only if there is no such key; else exit 1");
  add_conditions(app, options->conditions);
  registry.add(app, {.run = [options](cli::Env& env) { return run_put(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<etcd::PutRequest> put_query(const PutOptions& options, KeyAndRest given) {
  if (options.ignore_value && given.rest)
    return fail(Code::usage, "no VALUE beside --ignore-value");
  etcd::PutRequest request;
  if (options.lease) {
    COORD_TRY_INTO(request.lease, parse_lease_id(*options.lease));
  }
  request.key = std::move(given.key);
  request.value = std::move(given.rest).value_or("");
  request.prev_kv = options.prev_kv;
  request.ignore_value = options.ignore_value;
  request.ignore_lease = options.ignore_lease;
  return request;
}

Result<int> run_put(const PutOptions& options, cli::Env& env) {
  COORD_TRY_INTO(auto given, resolve_key(options.keys));
  COORD_TRY(check_conditions(options.conditions));
  if (options.file) {
    COORD_TRY_INTO(given.rest, value_of_file(options, given, env));
  }
  if (!given.rest && !options.ignore_value) {
    COORD_TRY_INTO(given.rest, value_of_stdin(env));
  }
  COORD_TRY_INTO(const auto request, put_query(options, std::move(given)));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto reply = write(options, request, *client, env);
  if (!reply) {
    const char* asked = options.conditions.any() ? "txn" : "put";
    return std::unexpected(about("put", in_quotes(request.key), reply.error(), asked));
  }
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(put_record(*std::move(reply)));
  return 0;
}

}  // namespace coord::commands
