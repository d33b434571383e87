#include "cmd/commands/keys/env_source.hpp"

#include <fmt/format.h>

#include "cmd/commands/keys/env_variables.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {

using Kind = recipe::RangeNews::Kind;

EnvSource::EnvSource(cli::Env& env, EnvQuery query) : env_(&env), query_(std::move(query)) {}

std::string EnvSource::what() const { return "env " + in_quotes(query_.prefix); }

Result<EnvSnapshot> EnvSource::first(const Context& ctx) {
  COORD_TRY_INTO(etcd::Client * client, env_->client());
  range_.emplace(*client, recipe::RangeFollowed::prefix(query_.prefix));
  const Context limit = ctx.at_most(env_->globals().command_timeout);
  for (bool listed = false; !listed;) {
    auto news = range_->next(limit);
    if (!news) return std::unexpected(about("env", in_quotes(query_.prefix), news.error()));
    listed = take(*news);
  }
  auto result = snapshot();
  if (!result) return std::unexpected(about("env", in_quotes(query_.prefix), result.error()));
  return result;
}

Result<std::optional<run::Event>> EnvSource::next(const Context& ctx) {
  if (!begun_) {
    COORD_TRY_INTO(const EnvSnapshot snapshot, first(ctx));
    begun_ = true;
    return event_of(snapshot);
  }
  for (;;) {
    auto news = range_->next(ctx);
    if (!news) return std::unexpected(about("env", in_quotes(query_.prefix), news.error()));
    if (!take(*news)) continue;
    auto changed = snapshot();
    if (!changed) {
      tell(changed.error());
      continue;
    }
    told_.clear();
    return event_of(*changed);
  }
}

run::Event EnvSource::event_of(const EnvSnapshot& snapshot) const {
  run::Event event;
  event.variables = snapshot.variables;
  event.remarks = {{"COORD_REVISION", std::to_string(snapshot.revision)}};
  event.pristine = query_.pristine;
  return event;
}

Result<EnvSnapshot> EnvSource::snapshot() const {
  COORD_TRY_INTO(auto variables, env_variables(range_->keys(), query_.prefix, query_.upper));
  if (variables.empty() && !query_.allow_empty)
    return fail(Code::not_found, "there are no keys", "--allow-empty does without");
  return EnvSnapshot{std::move(variables), revision_};
}

// Whether the keys may be others than before.
bool EnvSource::take(const recipe::RangeNews& news) {
  switch (news.kind) {
    case Kind::interrupted:
      tell(news.error);
      return false;
    case Kind::resumed:
      env_->note(fmt::format("coord: {}: etcd is there again", what()));
      told_.clear();
      return false;
    case Kind::listed:
    case Kind::relisted:
      revision_ = news.header.revision;
      return !news.more;
    case Kind::changed:
      if (!news.events.empty()) revision_ = news.events.back().kv.mod_revision;
      return true;
  }
  return false;
}

void EnvSource::tell(const Error& error) {
  if (std::exchange(told_, error.message) == error.message) return;
  env_->note(fmt::format("coord: {}: {}; CMD goes on with what it has", what(), error.message));
}

}  // namespace coord::commands
