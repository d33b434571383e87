#include "cmd/commands/queues/enqueue.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/queue_producer.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr const char* kExamples =
    "coord enqueue jobs build-17\n"
    "coord enqueue -0 thumbnails - < names\n"
    "coord enqueue --priority 3 jobs urgent-1 urgent-2\n"
    "coord enqueue jobs --value-file job.json --print-keys";

constexpr const char* kItem = "item";

Result<std::optional<std::uint16_t>> priority_of(const EnqueueOptions& options) {
  if (!options.priority) return std::nullopt;
  std::int64_t number = -1;
  const char* end = options.priority->data() + options.priority->size();
  const auto [rest, error] = std::from_chars(options.priority->data(), end, number);
  if (error != std::errc{} || rest != end) {
    return fail(Code::usage,
                fmt::format("--priority '{}' is not a number from 0 to 65535", *options.priority));
  }
  COORD_TRY_INTO(const std::uint16_t priority, parse_priority(number));
  return priority;
}

}  // namespace

void define_enqueue(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<EnqueueOptions>();
  CLI::App& app =
      cli::add_command(root, {"enqueue", "Queues", "Puts items into a queue.", kExamples});
  cli::text(app, "--priority", options->priority, "N",
            "into a priority queue: 0 to 65535, the lowest is served first");
  add_bulk_options(app, options->items, kItem);
  cli::operand(app, "QUEUE", options->name, "name of the queue");
  add_bulk_operands(app, options->items, kItem);
  registry.add(app, {.run = [options](cli::Env& env) { return run_enqueue(*options, env); }});
}

Result<int> run_enqueue(const EnqueueOptions& options, cli::Env& env) {
  COORD_TRY(check_queue(options.name));
  COORD_TRY_INTO(const auto priority, priority_of(options));
  COORD_TRY(check_bulk(options.items, kItem));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  recipe::QueueProducer producer(*client, options.name, priority);
  const auto put = put_in_bulk(
      options.items,
      {.command = "enqueue",
       .object = in_quotes(options.name),
       .item = kItem,
       .look = "'coord queue list' shows what is there",
       .put = [&](const Context& ctx, recipe::Batches::Items items,
                  std::vector<recipe::Written>& done) { return producer.put(ctx, items, done); },
       .in_doubt = [&] { return producer.in_doubt(); }},
      env);
  // What it leaves behind is small: that it could not be taken away is no failure of the items.
  const auto closed = producer.close(Context::within(3s));
  if (!closed) env.detail("coord: enqueue: " + closed.error().message);
  COORD_TRY(put);
  return cli::kDone;
}

}  // namespace coord::commands
