#include "cmd/commands/queues/queue.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/queues/queue_records.hpp"
#include "cmd/commands/shared/confirm.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

using Read = recipe::QueuePages::Read;
// What etcd says is about this queue.
Result<int> named(Result<int> status, const std::string& name) {
  if (status) return status;
  const bool of_etcd =
      status.error().code == Code::denied || status.error().code == Code::unavailable;
  if (!of_etcd) return status;
  return std::unexpected(in_context(describe_queue(name), std::move(status).error()));
}

using Run = Result<int> (*)(const QueueOptions&, cli::Env&);
using Shared = std::shared_ptr<QueueOptions>;

Shared add(CLI::App& queue, cli::Registry& registry, const cli::CommandText& text, Run run,
           void (*more)(CLI::App&, QueueOptions&) = nullptr) {
  auto options = std::make_shared<QueueOptions>();
  CLI::App& app = cli::add_command(queue, text);
  cli::flag(app, "--priority", options->priority, "of a priority queue");
  if (more != nullptr) more(app, *options);
  cli::operand(app, "QUEUE", options->name, "name of the queue");
  registry.add(app, {.run = [options, run](cli::Env& env) -> Result<int> {
                       COORD_TRY(check_queue(options->name));
                       return named(run(*options, env), options->name);
                     },
                     .formats = out::kRowFormats});
  return options;
}

void add_peek_options(CLI::App& app, QueueOptions& options) {
  cli::number(app, "--count", options.count, "so many items, if there are as many");
  cli::flag(app, "-0,--null", options.null, "end items with NUL instead of a newline");
}

void add_purge_options(CLI::App& app, QueueOptions& options) {
  cli::flag(app, "--yes", options.yes, "do not ask");
}

// All pages of a queue, each handed to TAKE.
template <typename Take>
Result<> each_page(const QueueOptions& options, Read read, cli::Env& env, const Take& take) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  recipe::QueuePages pages(*client, options.queue(), read);
  std::string foreign;
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(env.context()));
    if (!page) break;
    if (foreign.empty()) foreign = page->foreign;
    COORD_TRY(take(*page));
  }
  if (!foreign.empty()) env.note(about_foreign(options.queue(), foreign));
  return {};
}

Result<std::int64_t> count_items(const QueueOptions& options, cli::Env& env) {
  std::int64_t count = 0;
  COORD_TRY(each_page(options, Read::keys, env, [&](const recipe::QueuePage& page) -> Result<> {
    count += std::ssize(page.items);
    return {};
  }));
  return count;
}

Result<bool> confirmed(const QueueOptions& options, std::int64_t count) {
  if (options.yes) return true;
  return confirm_or_refuse("purging a queue", fmt::format("Delete {} items of {}?", count,
                                                          describe_queue(options.name)));
}

}  // namespace

void define_queue(CLI::App& root, cli::Registry& registry) {
  CLI::App& queue = cli::add_command(
      root, {"queue", "Queues", "Looks into a queue, without taking anything out of it.",
             "coord queue list jobs\ncoord queue length jobs"});
  add(queue, registry,
      {"list", kGroup, "Lists the items, and who works on which.",
       "coord queue list jobs\ncoord queue list jobs -w json | jq -r .value"},
      run_queue_list);
  add(queue, registry,
      {"length", kGroup, "Says how many items wait.",
       "coord queue length jobs\ncoord queue length --priority jobs"},
      run_queue_length);
  add(queue, registry,
      {"peek", kGroup, "Prints the item that is served next.",
       "coord queue peek jobs\ncoord queue peek --count 3 jobs"},
      run_queue_peek, add_peek_options);
  add(queue, registry,
      {"purge", kGroup, "Deletes the items that wait.",
       "coord queue purge --yes jobs.dead\ncoord queue purge jobs"},
      run_queue_purge, add_purge_options);
}

Result<int> run_queue_list(const QueueOptions& options, cli::Env& env) {
  std::int64_t place = 0;
  COORD_TRY(each_page(options, Read::in_order, env, [&](const recipe::QueuePage& page) -> Result<> {
    for (const recipe::QueueItem& item : page.items) env.print(waiting_record(item, ++place));
    return env.out().status();
  }));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto claims, recipe::claims_of(*client, env.context(), options.queue()));
  for (const recipe::QueueClaim& claim : claims) env.print(claim_record(claim));
  return cli::kDone;
}

Result<int> run_queue_length(const QueueOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const std::int64_t count, count_items(options, env));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto claims, recipe::claims_of(*client, env.context(), options.queue()));
  out::Record record;
  record.add("name", "Name", out::Readable{options.name})
      .add("length", "Length", count, out::Zero::keep);
  record.add("claimed", "Claimed", static_cast<std::int64_t>(claims.size()), out::Zero::keep);
  record.line(std::to_string(count));
  env.print(record);
  return cli::kDone;
}

Result<int> run_queue_peek(const QueueOptions& options, cli::Env& env) {
  if (options.count < 1) return fail(Code::usage, "--count must be at least 1");
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(auto page,
                 recipe::first_items(*client, env.context(), options.queue(), options.count));
  std::unique_ptr<out::Printer> zeros;
  if (options.null && env.globals().format == out::Format::simple)
    zeros = out::make_simple_printer(env.out(), {.hex = env.globals().hex, .line_end = '\0'});
  if (!page.foreign.empty()) env.note(about_foreign(options.queue(), page.foreign));
  if (page.items.empty()) return fail(Code::not_found, describe_queue(options.name) + " is empty");
  if (std::ssize(page.items) > options.count)
    page.items.resize(static_cast<std::size_t>(options.count));
  for (const recipe::QueueItem& item : page.items) {
    const out::Record record = peeked_record(item);
    zeros ? zeros->print(record) : env.print(record);
  }
  return cli::kDone;
}

Result<int> run_queue_purge(const QueueOptions& options, cli::Env& env) {
  std::int64_t count = 0;
  if (!options.yes) {
    COORD_TRY_INTO(count, count_items(options, env));
  }
  COORD_TRY_INTO(const bool yes, confirmed(options, count));
  if (!yes) return cli::kNo;
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const std::int64_t deleted,
                 recipe::purge(*client, Context(env.stop()), options.queue()));
  out::Record record;
  record.add("name", "Name", out::Readable{options.name})
      .add("deleted", "Deleted", deleted, out::Zero::keep);
  record.line(std::to_string(deleted));
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
