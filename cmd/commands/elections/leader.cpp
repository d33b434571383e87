#include "cmd/commands/elections/leader.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/elections/election_words.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord leader web\n"
    "coord leader web --json | jq .rev";

}  // namespace

out::Fields leader_fields(const etcd::KeyValue& kv) {
  out::Record record;
  record.add("key", "Key", out::Readable{kv.key})
      .add("value", "Value", out::Readable{kv.value}, out::Zero::keep);
  record.add("rev", "Rev", kv.create_revision).add("mod_revision", "ModRevision", kv.mod_revision);
  record.add("lease", "Lease", out::Text{layout::lease_hex(kv.lease)});
  return record.fields;
}

void define_leader(CLI::App& root, cli::Registry& registry) {
  const auto name = std::make_shared<std::string>();
  CLI::App& app = cli::add_command(
      root, {"leader", "Elections",
             "Prints what the leader stands for; exits with 1 if nobody leads.", kExamples});
  cli::operand(app, "ELECTION", *name, "name of the election");
  registry.add(app, {.run = [name](cli::Env& env) { return run_leader(*name, env); },
                     .formats = out::kRowFormats});
}

Result<int> run_leader(const std::string& name, cli::Env& env) {
  COORD_TRY(check_election(name));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  auto leader = recipe::leader_of(*client, env.context(), name);
  if (!leader && leader.error().code == Code::not_found) return std::unexpected(leader.error());
  if (!leader) return std::unexpected(about("leader", in_quotes(name), leader.error()));
  out::Record record;
  record.add("name", "Name", out::Readable{name});
  for (out::Field& field : leader_fields(leader->kv)) record.fields.push_back(std::move(field));
  record.add("revision", "Revision", leader->header.revision);
  record.bytes(leader->kv.value);
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
