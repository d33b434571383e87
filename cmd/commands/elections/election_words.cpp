#include "cmd/commands/elections/election_words.hpp"

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "cmd/commands/shared/names.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/give_back.hpp"

namespace coord::commands {
namespace {

// Of the election that the command in whose environment we are leads; no key: of another one.
recipe::CandidateKey inherited(const std::string& name) {
  if (cli::variable_text("COORD_ELECTION_NAME") != name) return {};
  recipe::CandidateKey candidate{cli::variable_text("COORD_ELECTION_KEY"), 0};
  const std::string revision = cli::variable_text("COORD_ELECTION_REV");
  std::from_chars(revision.data(), revision.data() + revision.size(), candidate.create_revision);
  return candidate;
}

Result<recipe::CandidateKey> of_session(const std::string& name, std::int64_t lease,
                                        cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto keys, recipe::keys_of(*client, env.context(), name, lease));
  if (!keys.empty()) return recipe::CandidateKey{keys.front().key, keys.front().create_revision};
  return fail(Code::not_found, "election " + in_quotes(name) + ": this session is no candidate");
}

}  // namespace

void add_candidate_options(CLI::App& app, CandidateOptions& options) {
  cli::text(app, "--key", options.key, "KEY",
            "the leader's key (COORD_ELECTION_KEY of the command that leads)");
  cli::number(app, "--rev", options.revision,
              "the create revision of that key (COORD_ELECTION_REV)");
}

Result<> check_election(const std::string& name) { return check_name("an election", name); }

Result<std::optional<std::int64_t>> candidate_session(const CandidateOptions& options,
                                                      const cli::Env& env) {
  if (!options.key.empty() || !inherited(options.name).key.empty()) return std::nullopt;
  return session_lease(env);
}

Result<recipe::CandidateKey> candidate_of(const CandidateOptions& options, cli::Env& env) {
  COORD_TRY(check_election(options.name));
  COORD_TRY_INTO(const auto session, candidate_session(options, env));
  if (session) return of_session(options.name, *session, env);
  recipe::CandidateKey candidate{options.key, options.revision};
  if (options.key.empty() != (options.revision <= 0))
    return fail(Code::usage, "--key and --rev go together: give both, or neither");
  if (options.key.empty()) candidate = inherited(options.name);
  if (candidate.key.empty() || candidate.create_revision <= 0) {
    return fail(Code::usage,
                "who leads " + in_quotes(options.name) + "? This is not run by its leader",
                "run it in the command of 'coord elect', or give --key and --rev");
  }
  if (!candidate.key.starts_with(layout::lock_prefix(options.name))) {
    return fail(Code::usage, "key " + in_quotes(candidate.key) + " is not of election " +
                                 in_quotes(options.name));
  }
  return candidate;
}

}  // namespace coord::commands
