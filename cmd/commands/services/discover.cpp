#include "cmd/commands/services/discover.hpp"

#include <fmt/format.h>

#include <memory>
#include <random>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/services/discover_format.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/until_signal.hpp"
#include "cmd/run/first_answer.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kExamples =
    "coord discover web\n"
    "coord discover web --pick round-robin\n"
    "coord discover web --wait 3 --timeout 1m\n"
    "coord discover web -- sh -c './make-upstream $COORD_ADDRS && nginx -s reload'";

Error named(const recipe::Service& service, Error error) {
  return about("discover", in_quotes(service.name), std::move(error));
}

Result<> check(const DiscoverOptions& options, const cli::Env& env) {
  const bool follows = options.watch || env.child();
  if (options.watch && env.child())
    return fail(Code::usage, "--watch prints, and with CMD nothing is printed");
  if (follows && options.wait) return fail(Code::usage, "--wait ends when all are there");
  if (follows && options.pick) return fail(Code::usage, "--pick picks once");
  if (options.wait && *options.wait < 1) return fail(Code::usage, "--wait N: N is 1 or more");
  if (options.timeout && !options.wait) return fail(Code::usage, "--timeout is for --wait");
  if (options.pick && *options.pick != "random" && *options.pick != "round-robin" &&
      *options.pick != "first")
    return cli::none_of("--pick", *options.pick, {"random", "round-robin", "first"});
  COORD_TRY_INTO(const ServiceFormat format, service_format(options.format));
  if (follows && format != ServiceFormat::addr && format != ServiceFormat::json)
    return fail(Code::usage, "--format " + options.format + " is for one list",
                "run a CMD for each change: discover SERVICE -- CMD");
  return {};
}

Result<> print(cli::Env& env, ServiceFormat format, const recipe::Service& service,
               const recipe::InstanceList& list) {
  out::Record record = list_record(service, list);
  if (format == ServiceFormat::json) {
    out::make_json_printer(env.out())->print(record);
    return env.out().flush();
  }
  COORD_TRY_INTO(auto lines, lines_of(format, service, list.instances));
  for (std::string& line : lines) record.bytes(std::move(line));
  env.print(record);
  return env.out().flush();
}

// The list, once there are enough of them.
Result<recipe::InstanceList> await(const DiscoverOptions& options, const recipe::Service& service,
                                   const Context& ctx, etcd::Client& client, cli::Env& env) {
  recipe::Discovery discovery(client, service);
  const Context limited = options.timeout ? ctx.at_most(*options.timeout) : ctx;
  const auto next = [&](const Context& bounded) { return discovery.next(bounded); };
  COORD_TRY_INTO(auto first,
                 run::first_answer(env, "discover " + in_quotes(service.name), limited, next));
  Result<recipe::DiscoveryNews> news = std::move(first);
  for (; news; news = next(limited)) {
    if (news->kind == recipe::DiscoveryNews::Kind::interrupted)
      env.note("coord: " + named(service, news->error).message);
    if (std::ssize(discovery.instances()) >= *options.wait)
      return recipe::InstanceList{news->header, recipe::oldest_first(discovery.instances())};
  }
  if (news.error().code != Code::timed_out) return std::unexpected(std::move(news).error());
  return fail(Code::timed_out,
              fmt::format("timed out with {} of {}", discovery.instances().size(), *options.wait));
}

Result<recipe::InstanceList> pick(const std::string& how, const recipe::Service& service,
                                  recipe::InstanceList list, const Context& ctx,
                                  etcd::Client& client) {
  if (list.instances.empty()) return list;
  std::size_t at = 0;
  if (how == "random") {
    std::random_device device;
    at = std::uniform_int_distribution<std::size_t>(0, list.instances.size() - 1)(device);
  }
  recipe::Instance one = list.instances[at];
  if (how == "round-robin") {
    auto next = recipe::next_pick(client, ctx, service);
    if (!next && next.error().code == Code::denied)
      next.error().hint = "it counts in etcd, and you may not write there: use --pick random";
    if (!next) return std::unexpected(next.error());
    one = *std::move(next);
  }
  list.instances = {std::move(one)};
  return list;
}

Result<int> list_once(const DiscoverOptions& options, const recipe::Service& service,
                      const Context& ctx, cli::Env& env) {
  COORD_TRY_INTO(const ServiceFormat format, service_format(options.format));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const Context one = ctx.at_most(env.globals().command_timeout);
  auto list = options.wait ? await(options, service, ctx, *client, env)
                           : recipe::instances_of(*client, one, service);
  if (list && options.pick)
    list = pick(*options.pick, service, *std::move(list), ctx.at_most(5s), *client);
  if (list && list->instances.empty() && format != ServiceFormat::json &&
      env.globals().format == out::Format::simple)
    return fail(Code::not_found, "nothing is registered as " + in_quotes(service.name));
  if (!list) return std::unexpected(named(service, list.error()));
  COORD_TRY(print(env, format, service, *list));
  return list->instances.empty() ? cli::kNo : cli::kDone;
}

}  // namespace

void define_discover(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DiscoverOptions>();
  CLI::App& app = cli::add_command(
      root, {"discover", "Services",
             "Prints the addresses of a service, or what comes and goes; or runs a command for it.",
             kExamples});
  cli::operand(app, "SERVICE", options->service.name, "name of the service");
  cli::command(app);
  cli::flag(app, "--watch", options->watch, "print what comes up and goes down, until a signal");
  cli::number(app, "--wait", options->wait, "wait until so many are registered");
  cli::duration(app, "--timeout", options->timeout, "wait no longer: exit 124");
  cli::text(app, "--pick", options->pick, "HOW",
            "one of them: random, round-robin (over all who ask), first (the oldest)");
  cli::text(app, "--format", options->format, "FORMAT",
            "addr, json, hosts, env (for a shell's eval) or grpc (a target)");
  add_service_options(app, options->service);
  registry.add(app, {.run = [options](cli::Env& env) { return run_discover(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_discover(const DiscoverOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const recipe::Service service, service_of(options.service));
  COORD_TRY(check(options, env));
  if (env.child()) return run_for_service(service, env);
  if (options.watch) return watch_service(service, options.format == "json", env);
  return until_signal(env,
                      [&](const Context& ctx) { return list_once(options, service, ctx, env); });
}

}  // namespace coord::commands
