#include "cmd/run/surroundings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "cmd/run/herald.hpp"
#include "coord/base/layout.hpp"

namespace coord::run {
namespace {

// As a variable of its own, and behind the user's name.
void drop_password(proc::Environment& environment) {
  for (const std::string prefix : {"COORD_", "ETCDCTL_"}) {
    environment.unset(prefix + "PASSWORD");
    const auto user = environment.get(prefix + "USER");
    if (user && user->contains(':'))
      environment.set(prefix + "USER", user->substr(0, user->find(':')));
  }
}

}  // namespace

Result<> Claim::show(cli::Env& env, const std::vector<recipe::Held>& held) const {
  return show_held(env, held);
}

Result<proc::Environment> child_environment(cli::Env& env, bool pass_credentials) {
  proc::Environment environment(environ);
  COORD_TRY_INTO(const auto connection, env.connection_variables(pass_credentials));
  if (!pass_credentials) drop_password(environment);
  for (const auto& [name, value] : connection) environment.set(name, value);
  return environment;
}

Result<proc::ChildSpec> command_spec(const Plan& plan, cli::Env& env, const proc::Signals& signals,
                                     const Taken& taken) {
  COORD_TRY_INTO(proc::Environment environment, child_environment(env, plan.pass_credentials));
  if (plan.notify) Herald::hide(environment);
  environment.set("COORD_LEASE", layout::lease_hex(taken.session->lease()));
  environment.set("COORD_CLUSTER_ID", fmt::format("{:x}", taken.session->cluster_id()));
  for (const auto& [name, value] : plan.claim->variables(taken.held)) environment.set(name, value);
  proc::ChildSpec spec;
  spec.argv = *plan.command;
  spec.environment = environment.list();
  spec.signals = signals.original();
  spec.input = plan.claim->input();
  return spec;
}

Error start_failure(const proc::StartError& failure) {
  Error error = failure.error;
  if (failure.exit_status == 127) error.code = Code::no_command;
  if (failure.exit_status == 126) error.code = Code::cannot_execute;
  return error;
}

Result<> show_held(cli::Env& env, const std::vector<recipe::Held>& held) {
  for (const recipe::Held& one : held) {
    out::Record record;
    record.add("key", "Key", out::Readable{one.key})
        .add("create_revision", "CreateRevision", one.create_revision);
    record.add("revision", "Revision", one.revision)
        .add("lease", "Lease", out::Text{layout::lease_hex(one.lease)});
    record.bytes(one.key).bytes("");
    env.print(record);
  }
  return env.out().flush();
}

void close_session(cli::Env& env, const Plan& plan, etcd::Client& client, etcd::Session& session,
                   const Context& ctx) {
  const bool joined = session.joined();
  const auto closed =
      joined ? plan.claim->withdraw(ctx, client, session.lease()) : session.close(ctx);
  if (closed) return;
  const std::string end = joined
                              ? "it ends with its session"
                              : fmt::format("it ends by itself within {}s", session.ttl().count());
  env.note(fmt::format("coord: could not give back {}: {}; {}", plan.claim->what(),
                       closed.error().message, end));
}

}  // namespace coord::run
