#include "cmd/commands/who.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/people.hpp"
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
  if (one.info) {
    record.add("host", "Host", out::Readable{one.info->host})
        .add("user", "User", out::Readable{one.info->user});
    record.add("pid", "Pid", one.info->pid)
        .add("program", "Program", out::Readable{one.info->program});
    record.add("since", "Since", out::Readable{one.info->since})
        .add("note", "Note", out::Readable{one.info->note});
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

std::string note_of(const Contender& one) {
  return one.info && !one.info->note.empty() ? fmt::format(", \"{}\"", printable(one.info->note))
                                             : "";
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

out::Record describe(const std::string& name, const std::vector<Contender>& line) {
  out::Record record;
  record.add("name", "Name", out::Readable{name})
      .add("held", "Held", !line.empty(), out::Zero::keep);
  if (line.empty()) return record.line(fmt::format("lock {} is free", in_quotes(name)));
  const Contender& holder = line.front();
  record.add("holder", "", fields_of(holder));
  record.line(holder_line(name, holder));
  record.line("  " + key_line(holder));
  if (line.size() > 1) record.line(fmt::format("waiting: {}", line.size() - 1));
  out::List waiters;
  for (std::size_t i = 1; i < line.size(); ++i) {
    waiters.emplace_back(fields_of(line[i]));
    record.line(fmt::format("  {}. {}{}{}{}, {}", i, who_is(line[i]), for_age(line[i]),
                            proposal_of(line[i]), note_of(line[i]), key_line(line[i])));
  }
  record.add("waiters", "", std::move(waiters));
  return record;
}

Result<int> show_one(const std::string& name, cli::Env& env, etcd::Client& client) {
  if (name.empty())
    return fail(Code::usage, "a lock's name is empty",
                "without NAME, 'coord who' lists all that are held");
  COORD_TRY_INTO(const auto line, recipe::contenders_of(client, env.context(), name, true));
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
    const std::string waiting = line.size() > 1 ? fmt::format("; {} waiting", line.size() - 1) : "";
    record.lines.clear();
    const Contender& holder = line.front();
    record.line(fmt::format("{}: {}{}{}{}{}{}", printable(name), who_is(holder),
                            holder.proposal ? " leads" : "", for_age(holder), proposal_of(holder),
                            note_of(holder), waiting));
    env.print(record);
  }
  return names.empty() ? cli::kNo : cli::kDone;
}

}  // namespace

void define_who(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<WhoOptions>();
  CLI::App& app = cli::add_command(
      root, {"who", "Looking",
             "Shows who holds a lock or leads an election, who waits, and since when.", kExamples});
  cli::operand(app, "LOCK", options->name,
               "name of the lock or election; without it, all that are held");
  registry.add(app, {.run = [options](cli::Env& env) { return run_who(*options, env); }});
}

Result<int> run_who(const WhoOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  return options.name ? show_one(*options.name, env, *client) : show_all(env, *client);
}

}  // namespace coord::commands
