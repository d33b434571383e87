#include "cmd/commands/own_key.hpp"

#include "cmd/commands/records.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

Result<std::optional<OwnKey>> read_own_key(const Context& ctx, etcd::Client& client,
                                           const std::string& key) {
  COORD_TRY_INTO(auto reply, recipe::patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).range(bounded, {.key = key});
                 }));
  if (reply.kvs.empty()) return std::nullopt;
  return OwnKey{reply.header, std::move(reply.kvs.front())};
}

void print_own_key(cli::Env& env, const OwnKey& own) {
  print_one_key(env.printer(), own.header, own.kv, 1);
}

}  // namespace coord::commands
