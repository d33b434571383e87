#include "cmd/commands/services/proxy.hpp"

#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/run/errand.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/listen.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/relay.hpp"
#include "coord/proc/signals.hpp"
#include "coord/proc/timer.hpp"
#include "coord/recipe/balancer.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;
using recipe::Balancing;

constexpr const char* kExamples =
    "coord proxy web --listen 127.0.0.1:8080\n"
    "coord proxy db --listen :5432 --balance least-connections --drain 30s";

constexpr Duration kLook = 1s;  // at whether etcd is there

Result<Balancing> balancing_of(const std::string& word) {
  if (word == "round-robin") return Balancing::round_robin;
  if (word == "least-connections") return Balancing::least_used;
  if (word == "random") return Balancing::random;
  return cli::none_of("--balance", word, {"round-robin", "least-connections", "random"});
}

enum class Start { signals, done };
enum class Source { signals, relay, timer };

class Proxy {
 public:
  Proxy(const ProxyOptions& options, cli::Env& env, recipe::Balancer& balancer,
        proc::Signals& signals, proc::Relay& relay, proc::Timer timer)
      : options_(&options),
        env_(&env),
        balancer_(&balancer),
        signals_(&signals),
        relay_(&relay),
        timer_(std::move(timer)) {}

  Result<int> run() {
    proc::Poller<Source> poller;
    poller.watch(Source::signals, signals_->fd());
    poller.watch(Source::relay, relay_->fd());
    poller.watch(Source::timer, timer_.fd());
    while (!ended_by_ || (relay_->connections() > 0 && !at_once_)) {
      timer_.set(std::min({relay_->next_time(), break_at_, after(BootClock::now(), kLook)}));
      COORD_TRY(poller.wait());
      while (const auto signal = signals_->next()) on_signal(signal->number);
      (void)timer_.fired();
      relay_->work();
      tell_trouble();
      if (BootClock::now() >= break_at_) at_once_ = true;
    }
    if (*ended_by_ == SIGINT || *ended_by_ == SIGTERM) return cli::kDone;
    return proc::die_by_signal(*ended_by_);
  }

 private:
  void on_signal(int number) {
    if (number == SIGTSTP) (void)raise(SIGSTOP);
    if (!proc::ends_us(number)) return;
    if (ended_by_) {
      at_once_ = true;
      return;
    }
    ended_by_ = number;
    relay_->stop_listening();
    if (options_->drain) break_at_ = after(BootClock::now(), *options_->drain);
    if (relay_->connections() > 0)
      say(fmt::format("ends when {} connections have; a second signal breaks them",
                      relay_->connections()));
  }

  void tell_trouble() {
    const auto trouble = balancer_->trouble();
    if (trouble.has_value() == was_trouble_) return;
    was_trouble_ = trouble.has_value();
    say(trouble ? trouble->message + "; the list stays as it was" : "etcd is back");
  }

  void say(const std::string& text) {
    env_->note(fmt::format("coord: proxy {}: {}", in_quotes(options_->service.name), text));
  }

  const ProxyOptions* options_;
  cli::Env* env_;
  recipe::Balancer* balancer_;
  proc::Signals* signals_;
  proc::Relay* relay_;
  proc::Timer timer_;
  BootTime break_at_ = kNever;
  std::optional<int> ended_by_;
  bool at_once_ = false;
  bool was_trouble_ = false;
};

// The use of an instance lasts as long as its connection.
std::optional<proc::Way> next_way(recipe::Balancer& balancer) {
  auto picked = balancer.pick();
  if (!picked) return std::nullopt;
  auto pick = std::make_shared<recipe::Picked>(*std::move(picked));
  std::string address = pick->address();
  return proc::Way{std::move(address), [pick = std::move(pick)](bool reached) {
                     if (!reached) pick->failed();
                   }};
}

// So that the first clients find the instances; they may have gone meanwhile.
Result<> read_list(const Context& ctx, etcd::Client& client, const recipe::Service& service,
                   const recipe::Balancer& balancer) {
  COORD_TRY_INTO(const auto list, recipe::instances_of(client, ctx, service));
  const auto ready = balancer.wait(ctx, list.instances.empty() ? 0 : 1);
  if (!ready && ready.error().code == Code::denied) return ready;
  return {};
}

// The signal that ends us, if one came before DONE was posted.
Result<std::optional<int>> signal_before(const Notifier& done, proc::Signals& signals) {
  proc::Poller<Start> poller;
  poller.watch(Start::signals, signals.fd());
  poller.watch(Start::done, done.fd());
  do {
    COORD_TRY(poller.wait());
    while (const auto signal = signals.next()) {
      if (signal->number == SIGTSTP) (void)raise(SIGSTOP);
      if (proc::ends_us(signal->number)) return signal->number;
    }
  } while (!poller.ready(Start::done));
  return std::nullopt;
}

Result<> show(cli::Env& env, const recipe::Service& service, const std::string& address) {
  out::Record record;
  record.add("service", "Service", out::Readable{service.name});
  record.add("listen", "Listen", out::Text{address});
  record.line(address);
  env.print(record);
  return env.out().flush();
}

}  // namespace

void define_proxy(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ProxyOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"proxy", "Services",
       "Hands TCP connections on to the instances of a service that are registered.", kExamples});
  cli::operand(app, "SERVICE", options->service.name, "name of the service");
  cli::text(app, "--listen", options->listen, "ADDR",
            "where to listen: HOST:PORT, or :PORT for all addresses; port 0: any");
  cli::text(app, "--balance", options->balance, "HOW",
            "round-robin (default), least-connections or random");
  cli::duration(app, "--connect-timeout", options->connect_timeout,
                "then the next instance is tried (5s)");
  cli::duration(app, "--drain", options->drain,
                "at TERM break connections after this (default: wait for their end)");
  add_service_options(app, options->service);
  registry.add(app, {.run = [options](cli::Env& env) { return run_proxy(*options, env); }});
}

Result<int> run_proxy(const ProxyOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const recipe::Service service, service_of(options.service));
  COORD_TRY_INTO(const Balancing balancing, balancing_of(options.balance));
  if (options.listen.empty())
    return fail(Code::usage, "--listen HOST:PORT is missing", "say where clients connect to");
  COORD_TRY_INTO(proc::Fd listener, proc::listen_at(options.listen));
  const std::string address = proc::address_of(listener);
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY_INTO(etcd::Client * client, env.client());
  recipe::Balancer balancer(*client, service, balancing);
  Notifier done;
  run::Errand<> reading(
      [&](const Context& ctx) {
        return read_list(ctx.at_most(env.globals().command_timeout), *client, service, balancer);
      },
      done);
  COORD_TRY_INTO(const auto signal, signal_before(done, signals));
  if (signal) return proc::die_by_signal(*signal);
  if (const auto read = *reading.take(); !read)
    return std::unexpected(about("proxy", in_quotes(service.name), read.error()));
  COORD_TRY_INTO(
      proc::Relay relay,
      proc::Relay::open(std::move(listener), {.connect_limit = options.connect_timeout,
                                              .way = [&](int) { return next_way(balancer); }}));
  COORD_TRY(show(env, service, address));
  return Proxy(options, env, balancer, signals, relay, std::move(timer)).run();
}

}  // namespace coord::commands
