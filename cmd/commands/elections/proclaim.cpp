#include "cmd/commands/elections/proclaim.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord proclaim web ready\n"
    "coord proclaim web 10.0.0.1:81 --key web/694d9f5c --rev 4711";

}  // namespace

void define_proclaim(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ProclaimOptions>();
  CLI::App& app = cli::add_command(
      root, {"proclaim", "Elections", "Changes the value that a leader stands for.", kExamples});
  cli::operand(app, "ELECTION", options->candidate.name, "name of the election");
  cli::operand(app, "VALUE", options->value, "the new value");
  add_candidate_options(app, options->candidate);
  registry.add(app, {.run = [options](cli::Env& env) { return run_proclaim(*options, env); }});
}

Result<int> run_proclaim(const ProclaimOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto candidate, candidate_of(options.candidate, env));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto revision = recipe::proclaim(*client, env.context(), candidate, options.value);
  if (!revision) {
    Error error = revision.error();
    // What it means for whoever led is the business of `elect`, which exits with 75.
    if (error.code == Code::lost) error.code = Code::compare_failed;
    return std::unexpected(about("proclaim", in_quotes(options.candidate.name), std::move(error)));
  }
  out::Record record;
  record.add("name", "Name", out::Readable{options.candidate.name})
      .add("key", "Key", out::Readable{candidate.key});
  record.add("rev", "Rev", candidate.create_revision).add("revision", "Revision", *revision);
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
