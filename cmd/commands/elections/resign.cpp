#include "cmd/commands/elections/resign.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/give_back.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord resign web\n"
    "coord resign web --key web/694d9f5c --rev 4711";

// In order, as the session's holder sees it.
Result<bool> resign_in_session(etcd::Client& client, const Context& ctx,
                               const recipe::CandidateKey& candidate, std::int64_t lease) {
  const etcd::KeyValue kv{
      .key = candidate.key, .create_revision = candidate.create_revision, .lease = lease};
  COORD_TRY(recipe::let_go(client, ctx, kv));
  return true;
}

}  // namespace

void define_resign(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<CandidateOptions>();
  CLI::App& app = cli::add_command(
      root, {"resign", "Elections",
             "Steps down at once: the next in line leads, and the command that led is stopped.",
             kExamples});
  cli::operand(app, "ELECTION", options->name, "name of the election");
  add_candidate_options(app, *options);
  registry.add(app, {.run = [options](cli::Env& env) { return run_resign(*options, env); }});
}

Result<int> run_resign(const CandidateOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto candidate, candidate_of(options, env));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto session, candidate_session(options, env));
  const auto stood = session ? resign_in_session(*client, env.context(), candidate, *session)
                             : recipe::resign(*client, env.context(), candidate);
  const std::string name = in_quotes(options.name);
  if (!stood) return std::unexpected(about("resign", name, stood.error()));
  if (!*stood) {
    return fail(Code::compare_failed, "resign " + name + ": no longer a candidate: key " +
                                          in_quotes(candidate.key) + " of create revision " +
                                          std::to_string(candidate.create_revision) + " is gone");
  }
  out::Record record;
  record.add("name", "Name", out::Readable{options.name})
      .add("key", "Key", out::Readable{candidate.key});
  record.add("rev", "Rev", candidate.create_revision);
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
