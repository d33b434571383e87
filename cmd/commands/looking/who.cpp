#include "cmd/commands/looking/who.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/looking/who_else.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

using recipe::Contender;

constexpr const char* kExamples =
    "coord who backup\n"
    "coord who\n"
    "coord who backup --json | jq -r .holder.host";

out::Fields fields_of(const Contender& one) {
  out::Record record;
  add_info(record, one.info);
  if (one.access)
    record.add("access", "Access",
               out::Text{*one.access == layout::Access::read ? "read" : "write"});
  if (one.is_of_semaphore()) {
    record.add("slots", "Slots", one.share.slots).add("weight", "Weight", one.share.weight);
  }
  if (one.proposal)
    record.add("proposal", "Proposal", out::Readable{*one.proposal}, out::Zero::keep);
  if (one.ttl_left) record.add("ttl_left", "TTLLeft", one.ttl_left->count());
  record.add("lease", "Lease", out::Text{layout::lease_hex(one.kv.lease)});
  record.add("key", "Key", out::Readable{one.kv.key})
      .add("revision", "Revision", one.kv.create_revision);
  return record.fields;
}

std::string key_line(const Contender& one) {
  std::string line =
      fmt::format("key {}, revision {}", printable(one.kv.key), one.kv.create_revision);
  line += one.kv.lease == 0 ? ", no lease" : ", lease " + layout::lease_hex(one.kv.lease);
  if (one.ttl_left) line += fmt::format(" with {} left", format_duration(*one.ttl_left));
  return line;
}

// ", to write", ", weight 2": what a holder or waiter of more than a lock has or wants.
std::string share_words(const Contender& one) {
  if (one.access == layout::Access::read) return one.holds ? ", reading" : ", to read";
  if (one.access == layout::Access::write) return one.holds ? ", writing" : ", to write";
  if (!one.is_of_semaphore() || one.share.weight == 1) return "";
  return fmt::format(", weight {}", one.share.weight);
}

std::string proposal_of(const Contender& one) {
  return one.proposal ? " with " + in_quotes(*one.proposal) : "";
}

// "root@db1 pid 4711 (server) leads election 'web' for 3m with '10.0.0.1:80'"
std::string holder_line(const std::string& name, const Contender& holder) {
  if (holder.proposal) {
    return fmt::format("{} leads election {}{}{}{}", who_is(holder), in_quotes(name),
                       for_age(holder), proposal_of(holder), note_of(holder));
  }
  return fmt::format("lock {} is held by {}{}{}", in_quotes(name), who_is(holder), for_age(holder),
                     note_of(holder));
}

std::string person_line(const Contender& one, std::ptrdiff_t others = 0) {
  return who_is(one) + and_others(others) + (one.proposal && one.holds ? " leads" : "") +
         for_age(one) + share_words(one) + proposal_of(one) + note_of(one);
}

bool is_waiting(const Contender& one) { return !one.holds; }

// ": 3 of 4 slots", or for a rwlock " by 2".
std::string extent(const std::vector<Contender>& line) {
  if (!line.front().is_of_semaphore())
    return fmt::format(" by {}", std::ranges::count_if(line, &Contender::holds));
  std::int64_t taken = 0;
  for (const Contender& one : line) taken += one.holds ? one.share.weight : 0;
  return fmt::format(": {} of {} slots", taken, line.front().share.slots);
}

// For formats that tell names: where labels are shown, the list of holders begins with the same
// one.
out::Fields without_labels(out::Fields fields) {
  for (out::Field& field : fields) field.label.clear();
  return fields;
}

// One that has one holder, or the heading of a list of those that may have more.
void describe_holders(out::Record& record, const std::string& name,
                      const std::vector<Contender>& line) {
  const Contender& first = line.front();
  const std::string kind = kind_of(line);
  if (kind == "lock" || kind == "election") {
    record.add("holder", "", fields_of(first));
    record.line(holder_line(name, first));
    record.line("  " + key_line(first));
    return;
  }
  record.add("holder", "", without_labels(fields_of(first)));
  record.line(
      fmt::format("{} {} is held{}{}", kind, in_quotes(name), purpose_of(first), extent(line)));
  record.add("kind", "Kind", out::Text{kind});
  if (first.is_of_semaphore()) record.add("slots", "Slots", first.share.slots);
  out::List holders;
  for (const Contender& one : line) {
    if (!one.holds) continue;
    holders.emplace_back(fields_of(one));
    record.line(fmt::format("  {}, {}", person_line(one), key_line(one)));
  }
  record.add("holders", "", std::move(holders));
}

out::Record describe(const std::string& name, const std::vector<Contender>& line) {
  out::Record record;
  record.add("name", "Name", out::Readable{name})
      .add("held", "Held", !line.empty(), out::Zero::keep);
  if (line.empty()) return record.line(fmt::format("lock {} is free", in_quotes(name)));
  describe_holders(record, name, line);
  const auto waiting = std::ranges::count_if(line, is_waiting);
  if (waiting > 0) record.line(fmt::format("waiting: {}", waiting));
  out::List waiters;
  for (const Contender& one : line) {
    if (one.holds) continue;
    waiters.emplace_back(fields_of(one));
    record.line(fmt::format("  {}. {}, {}", waiters.size(), person_line(one), key_line(one)));
  }
  record.add("waiters", "", std::move(waiters));
  return record;
}

// "NAME: WHO and 2 others for 3m; 1 waiting"
std::string summary(const std::string& name, const std::vector<Contender>& line) {
  const auto holders = std::ranges::count_if(line, &Contender::holds);
  const auto waiting = std::ranges::count_if(line, is_waiting);
  std::string text = printable(name) + ": " + person_line(line.front(), holders - 1);
  if (waiting > 0) text += fmt::format("; {} waiting", waiting);
  return text;
}

Result<int> show_one(const std::string& name, cli::Env& env, etcd::Client& client) {
  if (name.empty())
    return fail(Code::usage, "a lock's name is empty",
                "without NAME, 'coord who' lists all that are held");
  COORD_TRY_INTO(const auto line, recipe::contenders_of(client, env.context(), name, true));
  COORD_TRY_INTO(const auto shown, show_who_else(name, line, env));
  if (shown) return *shown;
  env.print(describe(name, line));
  return line.empty() ? cli::kNo : cli::kDone;
}

// One line a lock: name, holder, waiters.
Result<int> show_all(cli::Env& env, etcd::Client& client) {
  COORD_TRY_INTO(const auto names, recipe::held_names(client, Context(env.stop())));
  for (const std::string& name : names) {
    COORD_TRY_INTO(const auto line, recipe::contenders_of(client, env.context(), name, false));
    if (line.empty()) continue;  // given back meanwhile
    out::Record record = describe(name, line);
    record.lines.clear();
    record.line(summary(name, line));
    env.print(record);
  }
  return names.empty() ? cli::kNo : cli::kDone;
}

}  // namespace

void define_who(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<WhoOptions>();
  CLI::App& app = cli::add_command(
      root, {"who", "Looking",
             "Shows who holds a lock, rwlock or semaphore, or leads, who waits, and since when.",
             kExamples});
  cli::operand(
      app, "LOCK", options->name,
      "name of the lock, election, queue …; without it, all locks and elections that are held");
  registry.add(app, {.run = [options](cli::Env& env) { return run_who(*options, env); },
                     .formats = out::kRowFormats});
}

Result<int> run_who(const WhoOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto status = options.name ? show_one(*options.name, env, *client) : show_all(env, *client);
  const bool told = status || status.error().code == Code::usage;
  if (told) return status;
  const std::string what = options.name ? "who " + in_quotes(*options.name) : "who";
  return std::unexpected(in_context(what, std::move(status).error()));
}

}  // namespace coord::commands
