#include "cmd/commands/keys/compacted.hpp"

#include <fmt/format.h>

#include "coord/recipe/history.hpp"

namespace coord::commands {

Error with_oldest(etcd::Client& client, const Context& ctx, const std::string& key, Error error) {
  if (error.code != Code::compacted) return error;
  if (const auto oldest = recipe::oldest_revision(client, ctx, key))
    error.hint = fmt::format("the oldest revision that is left is {}", *oldest);
  return error;
}

Result<> check_revision(const char* option, std::int64_t revision) {
  if (revision > 0) return {};
  return fail(Code::usage,
              fmt::format("{} {} is no revision: they begin with 1", option, revision));
}

}  // namespace coord::commands
