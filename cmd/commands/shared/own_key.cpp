#include "cmd/commands/shared/own_key.hpp"

#include "cmd/commands/shared/records.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

Result<OwnKey> read_own_key(const Context& ctx, etcd::Client& client, const std::string& key,
                            bool waits) {
  COORD_TRY_INTO(auto reply, recipe::patiently_if(waits, ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).range(bounded, {.key = key});
                 }));
  if (reply.kvs.empty())
    return fail(Code::lost, "key " + in_quotes(key) + " has gone before it was shown");
  return OwnKey{reply.header, std::move(reply.kvs.front())};
}

void print_own_key(cli::Env& env, const OwnKey& own) {
  print_one_key(env.printer(), own.header, own.kv, 1);
}

}  // namespace coord::commands
