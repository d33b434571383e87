#include "cmd/commands/messages/publish.hpp"

#include <fmt/format.h>

#include <chrono>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/names.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/recipe/publisher.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord publish deploys 'web 1.4'\n"
    "coord publish --retain 7d audit - < events\n"
    "coord publish --retain forever releases --value-file notes.md -w json";

constexpr const char* kItem = "message";

// Whole seconds, rounded up: etcd counts in those.
Result<std::optional<std::chrono::seconds>> retention_of(const std::string& text) {
  if (text == "forever") return std::nullopt;
  const auto span = parse_duration(text);
  if (span && *span >= std::chrono::seconds{1})
    return std::chrono::ceil<std::chrono::seconds>(*span);
  return fail(Code::usage,
              fmt::format("--retain {}: not a DURATION of a second or more, and not 'forever'",
                          in_quotes(text)));
}

}  // namespace

Result<> check_topic(const std::string& topic) {
  COORD_TRY(check_name("a topic", topic));
  if (!topic.starts_with("__")) return {};
  return fail(
      Code::usage,
      fmt::format("topic {}: names that begin with '__' are for bookkeeping", in_quotes(topic)),
      "choose another name");
}

void define_publish(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<PublishOptions>();
  CLI::App& app =
      cli::add_command(root, {"publish", "Messages", "Puts messages into a topic.", kExamples});
  cli::text(app, "--retain", options->retain, "DURATION",
            "keep them for at least so long (1h), or 'forever'");
  add_bulk_options(app, options->messages, kItem);
  cli::operand(app, "TOPIC", options->topic, "name of the topic");
  add_bulk_operands(app, options->messages, kItem);
  registry.add(app, {.run = [options](cli::Env& env) { return run_publish(*options, env); }});
}

Result<int> run_publish(const PublishOptions& options, cli::Env& env) {
  COORD_TRY(check_topic(options.topic));
  COORD_TRY_INTO(const auto retain, retention_of(options.retain));
  COORD_TRY(check_bulk(options.messages, kItem));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  recipe::Publisher publisher(*client, options.topic, retain);
  COORD_TRY(put_in_bulk(
      options.messages,
      {.command = "publish",
       .object = in_quotes(options.topic),
       .item = kItem,
       .look = "'coord subscribe --from beginning' shows what is there",
       .put =
           [&](const Context& ctx, recipe::Batches::Items messages,
               std::vector<recipe::Written>& done) { return publisher.put(ctx, messages, done); },
       .in_doubt = [&] { return publisher.in_doubt(); }},
      env));
  return cli::kDone;
}

}  // namespace coord::commands
