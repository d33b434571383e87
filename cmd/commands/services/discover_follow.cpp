// discover that goes on: what comes and goes is printed, or a command is run for the newest list.
#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/services/discover.hpp"
#include "cmd/commands/services/discover_format.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/event_input.hpp"
#include "cmd/commands/shared/reader.hpp"
#include "cmd/run/on_event.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using recipe::DiscoveryNews;
using recipe::InstanceEvent;

// What is told of a service. Outages are told on stderr, and not returned.
class Follower {
 public:
  Follower(recipe::Service service, cli::Env& env) : service_(std::move(service)), env_(&env) {}

  Result<DiscoveryNews> next(const Context& ctx) {
    if (!discovery_) {
      COORD_TRY_INTO(etcd::Client * client, env_->client());
      discovery_.emplace(*client, service_);
    }
    for (;;) {
      auto news = discovery_->next(begun_ ? ctx : ctx.at_most(env_->globals().command_timeout));
      if (!news) return std::unexpected(about("discover", in_quotes(service_.name), news.error()));
      begun_ = true;
      const bool away = news->kind == DiscoveryNews::Kind::interrupted;
      if (!away && news->kind != DiscoveryNews::Kind::resumed) return news;
      note(away ? news->error.message : "goes on");
    }
  }

  recipe::InstanceList list(const DiscoveryNews& news) const {
    return {news.header, recipe::oldest_first(discovery_->instances())};
  }
  const recipe::Service& service() const { return service_; }
  void note(const std::string& text) const {
    env_->note(fmt::format("coord: discover {}: {}", in_quotes(service_.name), text));
  }

 private:
  recipe::Service service_;
  cli::Env* env_;
  std::optional<recipe::Discovery> discovery_;
  bool begun_ = false;
};

const char* word_of(InstanceEvent::Kind kind) {
  switch (kind) {
    case InstanceEvent::Kind::up:
      return "up";
    case InstanceEvent::Kind::down:
      return "down";
    case InstanceEvent::Kind::changed:
      break;
  }
  return "changed";
}

out::Record event_record(const InstanceEvent& event, const DiscoveryNews& news) {
  out::Record record;
  record.add("event", "Event", out::Text{word_of(event.kind)});
  for (out::Field& field : instance_fields(event.instance))
    record.fields.push_back(std::move(field));
  record.add("revision", "Revision", event.revision);
  record.add("initial", "Initial", news.kind == DiscoveryNews::Kind::listed);
  record.add("relisted", "Relisted", news.kind == DiscoveryNews::Kind::relisted);
  return record.bytes(fmt::format("{} {}", word_of(event.kind), event.instance.address));
}

Result<run::Event> event_of(const Follower& follower, const DiscoveryNews& news) {
  const recipe::InstanceList list = follower.list(news);
  run::Event event;
  COORD_TRY_INTO(event.input, json_input(list_record(follower.service(), list)));
  std::string addresses;
  for (const recipe::Instance& one : list.instances)
    addresses += (addresses.empty() ? "" : " ") + one.address;
  event.variables = {{"COORD_NAME", follower.service().name},
                     {"COORD_SERVICE", follower.service().name},
                     {"COORD_ADDRS", std::move(addresses)},
                     {"COORD_COUNT", std::to_string(list.instances.size())}};
  return event;
}

}  // namespace

Result<int> watch_service(const recipe::Service& service, bool as_json, cli::Env& env) {
  const auto json = as_json ? out::make_json_printer(env.out()) : nullptr;
  out::Printer& printer = json ? *json : env.printer();
  Follower follower(service, env);
  const Reader reader(env.streams().out);
  for (;;) {
    const auto news = follower.next(Context(reader.gone()));
    if (!news && reader.gone().stop_requested()) return cli::kSignalBase + SIGPIPE;
    if (!news) return std::unexpected(news.error());
    if (news->kind == DiscoveryNews::Kind::relisted)
      follower.note("the history in between was compacted away: what follows is the difference");
    for (const InstanceEvent& event : news->events) printer.print(event_record(event, *news));
    COORD_TRY(env.out().flush());
  }
}

Result<int> run_for_service(const recipe::Service& service, cli::Env& env) {
  const auto follower = std::make_shared<Follower>(service, env);
  return run::on_event(env, "discover " + in_quotes(service.name),
                       [follower](const Context& ctx) -> Result<std::optional<run::Event>> {
                         COORD_TRY_INTO(const auto news, follower->next(ctx));
                         COORD_TRY_INTO(auto event, event_of(*follower, news));
                         return event;
                       });
}

}  // namespace coord::commands
