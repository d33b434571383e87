#include "cmd/commands/keys/conditions.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/cli/process_variable.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using etcd::Compare;
using etcd::CompareResult;

std::optional<std::string> variable(const std::string& name) {
  std::string value = cli::variable_text(name);
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

Result<std::optional<HeldKey>> held_by(const std::string& opening) {
  auto key = variable(opening + "_KEY");
  const auto text = variable(opening + "_REV");
  if (!key || !text) return std::nullopt;
  HeldKey held{*std::move(key)};
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, held.revision);
  if (read.ec != std::errc{} || read.ptr != end || held.revision <= 0)
    return fail(Code::usage, fmt::format("{}_REV={} is no revision", opening, *text));
  return held;
}

std::string shown(const etcd::RangeReply& reply) {
  if (reply.kvs.empty()) return "there is no such key";
  return fmt::format("it is at revision {}", reply.kvs.front().mod_revision);
}

}  // namespace

void add_held(CLI::App& app, bool& held) {
  cli::flag(
      app, "--if-held", held,
      "in CMD of a lock: only if the lock is still held, which the store checks; else exit 1");
}

void add_conditions(CLI::App& app, Conditions& conditions) {
  cli::number(app, "--if-revision", conditions.revision,
              "only if the key was last changed at this revision; else exit 1");
  cli::text(app, "--if-value", conditions.value, "VALUE",
            "only if the key has this value; else exit 1");
  add_held(app, conditions.held);
}

Result<> check_conditions(const Conditions& conditions) {
  if (conditions.absent && (conditions.revision || conditions.value))
    return fail(Code::usage, "--if-absent excludes --if-revision and --if-value");
  if (conditions.revision && *conditions.revision <= 0)
    return fail(Code::usage, fmt::format("--if-revision {} is no revision", *conditions.revision),
                "they begin with 1; for a key that is not there: --if-absent");
  return {};
}

Result<std::vector<HeldKey>> held_keys() {
  std::vector<HeldKey> all;
  COORD_TRY_INTO(auto lock, held_by("COORD_LOCK"));
  if (!lock) {
    COORD_TRY_INTO(lock, held_by("COORD_ELECTION"));
  }
  if (!lock)
    return fail(Code::usage, "--if-held: COORD_LOCK_KEY and COORD_LOCK_REV are not set",
                "it is for CMD of 'coord lock NAME -- CMD'");
  all.push_back(*std::move(lock));
  for (int i = 2;; ++i) {  // the first of several is COORD_LOCK itself
    COORD_TRY_INTO(auto next, held_by(fmt::format("COORD_LOCK_{}", i)));
    if (!next) return all;
    all.push_back(*std::move(next));
  }
}

void add_guards(etcd::Txn& txn, const std::vector<HeldKey>& held) {
  for (const HeldKey& one : held) {
    txn.when(Compare::create(one.key, CompareResult::greater, 0));
    txn.when(Compare::create(one.key, CompareResult::less, one.revision + 1));
    txn.otherwise(etcd::RangeRequest{.key = one.key, .keys_only = true});
  }
}

std::optional<std::string> lost_key(const std::vector<HeldKey>& held, const etcd::TxnReply& reply,
                                    std::size_t offset) {
  for (std::size_t i = 0; i < held.size(); ++i) {
    const auto& kvs = reply.range(offset + i).kvs;
    if (kvs.empty() || kvs.front().create_revision > held[i].revision) return held[i].key;
  }
  return std::nullopt;
}

Error not_held(const std::string& key) {
  return {Code::compare_failed,
          fmt::format("the lock is no longer held: its key {} is gone; nothing was written",
                      in_quotes(key))};
}

Result<etcd::Txn> guarded(const Conditions& conditions, const std::string& key, etcd::Op op) {
  etcd::Txn txn;
  if (conditions.absent) txn.when(Compare::create(key, CompareResult::equal, 0));
  if (conditions.revision) txn.when(Compare::mod(key, CompareResult::equal, *conditions.revision));
  if (conditions.value) {
    // The value of an absent key compares as nothing at all; it must not pass for an empty one.
    txn.when(Compare::create(key, CompareResult::greater, 0));
    txn.when({.key = key, .target = etcd::CompareTarget::value, .value = *conditions.value});
  }
  txn.then(std::move(op));
  txn.otherwise(etcd::RangeRequest{.key = key});
  if (conditions.held) {
    COORD_TRY_INTO(const auto held, held_keys());
    add_guards(txn, held);
  }
  return txn;
}

Result<etcd::TxnReply> send_once(etcd::Client& client, const Context& ctx, const etcd::Txn& txn) {
  auto reply = etcd::Kv(client).txn(ctx, txn, etcd::Repeat::never);
  if (!reply && reply.error().uncertain) {
    reply.error().message += "; it may have been done";
    reply.error().hint = "the reply was lost: look at the key before you repeat it";
  }
  return reply;
}

Error refusal(const Conditions& conditions, const etcd::TxnReply& reply) {
  if (conditions.held) {
    const auto held = held_keys();
    const auto lost = held ? lost_key(*held, reply, 1) : std::nullopt;
    if (lost) return not_held(*lost);
  }
  const etcd::RangeReply& now = reply.range(0);
  std::string why;
  if (conditions.absent) {
    why = fmt::format("it exists: {}", shown(now));
  } else if (conditions.revision &&
             (now.kvs.empty() || now.kvs.front().mod_revision != *conditions.revision)) {
    why = fmt::format("{}, not {}", shown(now), *conditions.revision);
    if (now.kvs.empty()) why = shown(now);
  } else {
    why = now.kvs.empty() ? shown(now) : fmt::format("it has another value ({})", shown(now));
  }
  return {Code::compare_failed, why + "; nothing was written"};
}

}  // namespace coord::commands
