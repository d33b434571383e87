#include "cmd/run/surroundings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "coord/base/layout.hpp"
#include "coord/proc/environment.hpp"

namespace coord::run {

Result<proc::ChildSpec> command_spec(const Plan& plan, cli::Env& env, const proc::Signals& signals,
                                     const Taken& taken) {
  proc::Environment environment(environ);
  COORD_TRY_INTO(const auto connection, env.connection_variables(plan.pass_credentials));
  if (!plan.pass_credentials) {
    environment.unset("COORD_PASSWORD");
    environment.unset("ETCDCTL_PASSWORD");
  }
  for (const auto& [name, value] : connection) environment.set(name, value);
  environment.set("COORD_LEASE", layout::lease_hex(taken.session->lease()));
  environment.set("COORD_CLUSTER_ID", fmt::format("{:x}", taken.session->cluster_id()));
  for (const auto& [name, value] : plan.claim->variables(taken.held)) environment.set(name, value);
  proc::ChildSpec spec;
  spec.argv = *plan.command;
  spec.environment = environment.list();
  spec.signals = signals.original();
  return spec;
}

Error start_failure(const proc::StartError& failure) {
  Error error = failure.error;
  if (failure.exit_status == 127) error.code = Code::no_command;
  if (failure.exit_status == 126) error.code = Code::cannot_execute;
  return error;
}

void show_held(cli::Env& env, const std::vector<recipe::Held>& held) {
  for (const recipe::Held& one : held) {
    out::Record record;
    record.add("key", "Key", out::Readable{one.key})
        .add("create_revision", "CreateRevision", one.create_revision);
    record.add("revision", "Revision", one.revision)
        .add("lease", "Lease", out::Text{layout::lease_hex(one.lease)});
    record.bytes(one.key).bytes("");
    env.print(record);
  }
  (void)env.out().flush();
}

}  // namespace coord::run
