#include "cmd/commands/cluster/make_mirror.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/terminal.hpp"
#include "cmd/commands/shared/until_signal.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/recipe/mirror.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kExamples =
    "coord make-mirror 10.1.0.1:2379\n"
    "coord make-mirror --prefix /app/ --dest-prefix /copy/ 10.1.0.1:2379\n"
    "coord make-mirror --prefix /app/ --dest-cacert ca.crt https://10.1.0.1:2379\n";

constexpr Duration kCountEvery = 30s;

// "NAME:PASSWORD", unless the password is given apart.
void split_login(etcd::Options& options) {
  const auto colon = options.user.find(':');
  if (colon == std::string::npos || !options.password.empty()) return;
  options.password = options.user.substr(colon + 1);
  options.user.resize(colon);
}

Result<> check(const MakeMirrorOptions& options) {
  if (options.destination_prefix && options.no_destination_prefix)
    return fail(Code::usage, "--dest-prefix and --no-dest-prefix contradict each other");
  if (options.max_txn_ops < 1) return fail(Code::usage, "--max-txn-ops: at least 1");
  if (options.revision < 0) return fail(Code::usage, "--rev: at least 1");
  return {};
}

recipe::MirrorPlan plan_of(const MakeMirrorOptions& options) {
  const std::string destination = options.destination_prefix.value_or(options.prefix);
  return {.prefix = options.prefix,
          .destination_prefix = options.no_destination_prefix ? "" : destination,
          .revision = options.revision,
          .max_txn_ops = options.max_txn_ops};
}

// It is told at once when the destination is not there, or does not let us in.
Result<> greet(etcd::Client& destination, const Context& ctx) {
  const auto read = etcd::Kv(destination).range(ctx, {.key = "health"});
  if (read || etcd::is_permission_denied(read.error())) return {};
  return std::unexpected(in_context("destination", read.error()));
}

Result<> mirror(const MakeMirrorOptions& options, cli::Env& env, const Context& ctx,
                const etcd::Options& destination_options) {
  COORD_TRY_INTO(etcd::Client * source, env.client());
  COORD_TRY_INTO(const auto destination, etcd::Client::open(destination_options));
  COORD_TRY(greet(*destination, ctx.at_most(env.globals().command_timeout)));
  recipe::Mirror mirror(*source, *destination, plan_of(options));
  BootTime next = after(BootClock::now(), kCountEvery);
  Result<> written;
  const auto tick = [&] {
    if (BootClock::now() < next) return;
    next = after(next, kCountEvery);
    env.out().write(fmt::format("{}\n", mirror.mirrored()));
    written = env.out().flush();
  };
  const auto note = [&](const std::string& text) { env.note("coord: make-mirror: " + text); };
  const auto done = mirror.run(ctx, note, tick);
  COORD_TRY(written);
  return done;
}

}  // namespace

void define_make_mirror(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<MakeMirrorOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"make-mirror", "Cluster", "Keeps a copy of keys in another cluster up to date.", kExamples});
  cli::operand(app, "DEST", options->destination, "an endpoint of the other cluster");
  cli::text(app, "--prefix", options->prefix, "PREFIX", "only keys that begin with PREFIX");
  cli::text(app, "--dest-prefix", options->destination_prefix, "PREFIX",
            "what stands there instead of --prefix");
  cli::flag(app, "--no-dest-prefix", options->no_destination_prefix, "nothing does");
  cli::number(app, "--rev", options->revision, "no copy first: changes from this revision on");
  cli::number(app, "--max-txn-ops", options->max_txn_ops, "most keys of one transaction (128)");
  cli::text(app, "--dest-cacert", options->ca_file, "FILE", "as --cacert, there");
  cli::text(app, "--dest-cert", options->cert_file, "FILE", "as --cert, there");
  cli::text(app, "--dest-key", options->key_file, "FILE", "as --key, there");
  cli::flag(app, "--dest-insecure-transport", options->insecure_transport,
            "=false: TLS for an endpoint without a scheme too (true)");
  cli::text(app, "--dest-user", options->user, "USER", "as --user, there");
  cli::text(app, "--dest-password", options->password, "PASSWORD", "as --password, there");
  registry.add(app, {.run = [options](cli::Env& env) { return run_make_mirror(*options, env); }});
}

Result<etcd::Options> destination_of(const MakeMirrorOptions& options,
                                     const etcd::Options& source) {
  etcd::Options destination = source;
  destination.endpoints = {options.destination};
  destination.name_space.clear();
  destination.tls = {.ca_file = options.ca_file,
                     .cert_file = options.cert_file,
                     .key_file = options.key_file,
                     .required = !options.insecure_transport};
  destination.user = options.user;
  destination.password = options.password;
  split_login(destination);
  if (!destination.user.empty() && destination.password.empty()) {
    COORD_TRY_INTO(destination.password,
                   cli::ask_secret(fmt::format("Password of {} at {}: ", destination.user,
                                               options.destination)));
  }
  return destination;
}

Result<int> run_make_mirror(const MakeMirrorOptions& options, cli::Env& env) {
  COORD_TRY(check(options));
  COORD_TRY_INTO(const auto source, env.connection());
  COORD_TRY_INTO(const auto destination, destination_of(options, source));
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    const auto done = mirror(options, env, ctx, destination);
    if (!done) return std::unexpected(in_context("make-mirror", done.error()));
    return 0;
  });
}

}  // namespace coord::commands
