#include <fmt/format.h>

#include "cmd/cli/suggest.hpp"
#include "cmd/commands/cluster/member.hpp"
#include "cmd/commands/cluster/member_records.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {

Result<int> run_member_list(const MemberListOptions& options, cli::Env& env) {
  const bool serializable = options.consistency == "s";
  if (!serializable && options.consistency != "l")
    return cli::none_of("--consistency", options.consistency, {"l", "s"});
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(
      const auto list,
      etcd::Cluster(*client).list(env.context(), serializable ? etcd::Consistency::serializable
                                                              : etcd::Consistency::linearizable));
  const bool hex = env.globals().hex && env.globals().format == out::Format::json;
  env.printer().message([&] { return etcd::wire(list); });
  env.print(member_list_record(list, hex ? Ids::hex : Ids::decimal));
  return 0;
}

}  // namespace coord::commands
