#include "cmd/commands/keys/txn.hpp"

#include <unistd.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/conditions.hpp"
#include "cmd/commands/keys/line_reader.hpp"
#include "cmd/commands/keys/reply_records.hpp"
#include "cmd/commands/keys/txn_text.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord txn -i\n"
    "coord txn < transaction.txt\n"
    "coord txn --check -w json < transaction.txt\n"
    "coord txn --if-held < transaction.txt";

Result<> prompt(TxnText::Block block, cli::Env& env) {
  switch (block) {
    case TxnText::Block::compares:
      env.out().write("compares:\n");
      break;
    case TxnText::Block::success:
      env.out().write("success requests (get, put, del):\n");
      break;
    case TxnText::Block::failure:
      env.out().write("failure requests (get, put, del):\n");
      break;
    case TxnText::Block::done:
      break;
  }
  return env.out().flush();
}

Result<etcd::Txn> read_text(const TxnOptions& options, cli::Env& env) {
  if (!options.interactive && ::isatty(env.streams().in) == 1)
    env.note("reading a transaction from the terminal; -i asks for its three blocks");
  TxnText text;
  LineReader lines(env.streams().in);
  if (options.interactive) COORD_TRY(prompt(text.block(), env));
  while (text.block() != TxnText::Block::done) {
    COORD_TRY_INTO(const auto line, lines.next());
    if (!line) break;
    const auto before = text.block();
    COORD_TRY(text.add(*line));
    if (options.interactive && text.block() != before) COORD_TRY(prompt(text.block(), env));
  }
  return std::move(text).finish();
}

// The failure branch is also taken when the lock has gone.
Result<> check_failure_branch(const etcd::Txn& txn) {
  for (const etcd::Op& op : txn.failure) {
    if (!std::holds_alternative<etcd::RangeRequest>(op))
      return fail(Code::bad_data, "txn: --if-held: the failure requests write",
                  "they would be done without the lock too: only get may stand there");
  }
  return {};
}

// As coord's own reads do not belong to the answer, they are taken out of it.
Result<etcd::TxnReply> send_held(etcd::Txn txn, etcd::Client& client, cli::Env& env) {
  COORD_TRY_INTO(const auto held, held_keys());
  COORD_TRY(check_failure_branch(txn));
  const std::size_t own = txn.failure.size();
  add_guards(txn, held);
  COORD_TRY_INTO(auto reply, etcd::Kv(client).txn(env.context(), txn, etcd::Repeat::never));
  if (reply.succeeded) return reply;
  if (const auto lost = lost_key(held, reply, own))
    return std::unexpected(in_context("txn", not_held(*lost)));
  reply.replies.resize(own);
  return reply;
}

}  // namespace

void define_txn(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<TxnOptions>();
  CLI::App& app = cli::add_command(
      root, {"txn", "Keys",
             "Does several requests at one revision, if comparisons hold, and others if not.",
             kExamples});
  cli::flag(app, "-i,--interactive", options->interactive, "ask for the parts of the text");
  cli::flag(app, "--check", options->check, "exit with 1 when a comparison does not hold");
  add_held(app, options->held);
  registry.add(app, {.run = [options](cli::Env& env) { return run_txn(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<int> run_txn(const TxnOptions& options, cli::Env& env) {
  const auto txn = read_text(options, env);
  if (!txn) return std::unexpected(in_context("txn", txn.error()));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto sent = options.held ? send_held(*txn, *client, env)
                           : etcd::Kv(*client).txn(env.context(), *txn, etcd::Repeat::never);
  if (!sent) return std::unexpected(sent.error());
  etcd::TxnReply& reply = *sent;
  const bool succeeded = reply.succeeded;
  env.printer().message([&] { return etcd::wire(reply); });
  env.print(txn_record(std::move(reply)));
  return options.check && !succeeded ? cli::kNo : cli::kDone;
}

}  // namespace coord::commands
