#include "cmd/commands/services/register.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "cmd/commands/shared/until_signal.hpp"
#include "cmd/run/first_answer.hpp"
#include "cmd/run/serve.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kExamples =
    "coord register web 10.0.0.1:80 -- ./web --port 80\n"
    "coord register web 10.0.0.1:80 --meta zone=a --check ./is-well -- ./web\n"
    "coord register db 10.0.0.7:5432 --check pg_isready --every 2s";

Result<recipe::Instance> instance_from(const RegisterOptions& options) {
  recipe::Instance instance{.address = options.address, .metadata = {}, .key = {}};
  for (const std::string& word : options.metadata) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Code::usage, "--meta " + in_quotes(word) + " is not NAME=VALUE");
    if (!is_utf8(word)) return fail(Code::usage, "--meta " + in_quotes(word) + " is not UTF-8");
    instance.metadata[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return instance;
}

Result<std::optional<run::HealthCheckSpec>> check_from(const RegisterOptions& options) {
  if (!options.check) {
    if (options.check_timeout) return fail(Code::usage, "--check-timeout needs --check");
    return std::nullopt;
  }
  const Duration limit = options.check_timeout.value_or(options.every);
  if (options.check->empty()) return fail(Code::usage, "--check is empty");
  if (options.every < 100ms || limit < 100ms)
    return fail(Code::usage, "--every and --check-timeout are 100ms at least");
  return run::HealthCheckSpec{.command = *options.check, .every = options.every, .limit = limit};
}

Result<> show(cli::Env& env, const recipe::Service& service, const std::string& address,
              const std::string& key, std::int64_t revision, std::int64_t lease) {
  out::Record record;
  record.add("service", "Service", out::Readable{service.name})
      .add("address", "Address", out::Readable{address})
      .add("key", "Key", out::Readable{key});
  record.add("revision", "Revision", revision)
      .add("lease", "Lease", out::Text{layout::lease_hex(lease)});
  record.bytes(key);
  env.print(record);
  return env.out().flush();
}

// The session's own holder keeps the lease, and with it the entry.
Result<int> register_in_session(const run::ServicePlan& plan, std::int64_t lease, cli::Env& env) {
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    COORD_TRY_INTO(etcd::Client * client, env.client());
    const auto named = [&](Error error) { return in_context(plan.what, std::move(error)); };
    const bool limited = plan.timeout && *plan.timeout > 0s;
    const Context all = limited ? ctx.at_most(*plan.timeout) : ctx;
    const auto session = run::first_answer(env, plan.what, all, [&](const Context& bounded) {
      return etcd::Session::join(*client, bounded, lease);
    });
    if (!session) return std::unexpected(named(session.error()));
    const Context turn = limited ? all : ctx.at_most(env.globals().command_timeout);
    const auto entered = recipe::enter_registry(*client, turn, plan.entry, lease, plan.rival);
    if (!entered) return std::unexpected(named(entered.error()));
    COORD_TRY(plan.show(entered->revision, lease));
    return cli::kDone;
  });
}

Result<run::ServicePlan> plan_from(const RegisterOptions& options, const recipe::Service& service) {
  COORD_TRY_INTO(const recipe::Instance instance, instance_from(options));
  COORD_TRY_INTO(std::string value, recipe::to_value(service, instance));
  run::ServicePlan plan{
      .what = fmt::format("register {} {}", in_quotes(service.name), printable(options.address)),
      .subject = fmt::format("entry {} {}", in_quotes(service.name), printable(options.address)),
      .entry = {layout::instance_key(service.layout, service.name, options.address),
                std::move(value)}};
  plan.ttl = std::chrono::ceil<std::chrono::seconds>(options.ttl);
  if (plan.ttl < 1s) return fail(Code::usage, "--ttl must be at least one second");
  if (options.take_over) plan.rival = recipe::Rival::replace;
  plan.notify = options.notify;
  plan.timeout = options.nonblock ? Duration{0} : options.timeout;
  COORD_TRY_INTO(plan.check, check_from(options));
  plan.variables = {{"COORD_NAME", service.name},
                    {"COORD_SERVICE", service.name},
                    {"COORD_ADDR", options.address}};
  return plan;
}

}  // namespace

void define_register(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<RegisterOptions>();
  CLI::App& app = cli::add_command(
      root, {"register", "Services",
             "Lists an address of a service while a command runs, or until a signal.", kExamples});
  cli::operand(app, "SERVICE", options->service.name, "name of the service");
  cli::operand(app, "ADDR", options->address, "where it is reached: HOST:PORT");
  cli::command(app);
  cli::repeatable(app, "--meta", options->metadata, "NAME=VALUE",
                  "metadata that clients see; may be given again");
  cli::duration(app, "--ttl", options->ttl, "how long it is listed after a coord that died (15s)");
  cli::text(app, "--check", options->check, "COMMAND",
            "sh -c COMMAND says whether it is well; only then it is listed");
  cli::duration(app, "--every", options->every, "between two checks (5s)");
  cli::duration(app, "--check-timeout", options->check_timeout,
                "a check that takes longer is killed, and failed (as --every)");
  cli::duration(
      app, "--timeout", options->timeout,
      "wait no longer for etcd, and for the entry of a dead coord to end (0: do not wait)");
  cli::flag(app, "-n,--nonblock", options->nonblock, "do not wait for that");
  cli::flag(app, "--take-over", options->take_over,
            "replace the entry that somebody else has for this address");
  add_notify_option(app, options->notify);
  add_service_options(app, options->service);
  registry.add(app, {.run = [options](cli::Env& env) { return run_register(*options, env); },
                     .tail = cli::Tail{true, 2}});
}

Result<int> run_register(const RegisterOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const recipe::Service service, service_of(options.service));
  COORD_TRY_INTO(run::ServicePlan plan, plan_from(options, service));
  plan.show = [&](std::int64_t revision, std::int64_t lease) {
    return show(env, service, options.address, plan.entry.key, revision, lease);
  };
  if (!env.child() && !plan.check) {
    COORD_TRY_INTO(const auto lease, session_lease(env));
    if (lease && plan.notify) return refuse_notify();
    if (lease) return register_in_session(plan, *lease, env);
  }
  return run::serve(plan, env);
}

}  // namespace coord::commands
