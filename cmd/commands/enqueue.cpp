#include "cmd/commands/enqueue.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <span>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/about.hpp"
#include "cmd/commands/item_lines.hpp"
#include "cmd/commands/queue_words.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/terminal.hpp"
#include "coord/recipe/queue_producer.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr const char* kExamples =
    "coord enqueue jobs build-17\n"
    "coord enqueue -0 thumbnails - < names\n"
    "coord enqueue --priority 3 jobs urgent-1 urgent-2\n"
    "coord enqueue jobs --value-file job.json --print-keys";

constexpr std::size_t kSlice = 125;  // items for each of which the time limit begins anew

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

// Puts items and says what became of them.
class Enqueuing {
 public:
  Enqueuing(const EnqueueOptions& options, std::optional<std::uint16_t> priority,
            etcd::Client& client, cli::Env& env)
      : options_(&options),
        env_(&env),
        producer_(client, options.name, priority),
        on_terminal_(proc::is_terminal(env.streams().err) && !env.globals().quiet) {}

  Result<> put(std::span<const std::string> items) {
    while (!items.empty()) {
      const auto slice = items.first(std::min(items.size(), kSlice));
      items = items.subspan(slice.size());
      std::vector<recipe::Enqueued> done;
      const auto put = producer_.put(env_->context(), slice, done);
      for (const recipe::Enqueued& one : done) show(one);
      count_ += done.size();
      if (!put) return std::unexpected(explain(put.error(), slice.size() - done.size()));
      COORD_TRY(env_->out().status());
      progress();
    }
    return options_->print_keys ? env_->out().flush() : Result<>();
  }

  // What it leaves behind is small: that it could not be taken away is no failure of the items.
  void close() {
    wipe();
    const auto closed = producer_.close(Context::within(3s));
    if (!closed) env_->detail("coord: enqueue: " + closed.error().message);
  }

 private:
  void show(const recipe::Enqueued& one) {
    out::Record record;
    record.add("key", "Key", out::Readable{one.key}).add("revision", "Revision", one.revision);
    if (options_->print_keys) record.bytes(one.key);
    env_->print(record);
  }

  Error explain(Error error, std::size_t left) {
    wipe();
    error = as_outage(about("enqueue", in_quotes(options_->name), std::move(error)));
    const std::string known = count_ == 1 ? std::string("the first item was put")
                                          : fmt::format("the first {} items were put", count_);
    if (producer_.in_doubt()) {
      error.message += fmt::format("; {}, the next {} may have been", known, left);
      error.hint = "the reply was lost: 'coord queue list' shows what is there";
    } else if (count_ > 0) {
      error.message += "; " + known + ", no more";
    }
    return error;
  }

  void progress() {
    if (!on_terminal_ || BootClock::now() < next_progress_) return;
    if (next_progress_ != BootTime{}) {
      const std::string line = fmt::format("\rcoord: enqueue: {} items\x1b[K", count_);
      shown_ = ::write(env_->streams().err, line.data(), line.size()) > 0;
    }
    next_progress_ = after(BootClock::now(), 1s);
  }

  void wipe() {
    constexpr std::string_view kWipe = "\r\x1b[K";
    if (std::exchange(shown_, false))
      (void)!::write(env_->streams().err, kWipe.data(), kWipe.size());
  }

  const EnqueueOptions* options_;
  cli::Env* env_;
  recipe::QueueProducer producer_;
  bool on_terminal_;
  bool shown_ = false;
  BootTime next_progress_{};
  std::size_t count_ = 0;
};

Result<> put_all(const EnqueueOptions& options, bool from_stdin, Enqueuing& enqueuing,
                 cli::Env& env) {
  if (!from_stdin) COORD_TRY(enqueuing.put(options.values));
  for (const std::string& path : options.files) {
    COORD_TRY_INTO(const std::string item, read_item_file(path));
    COORD_TRY(enqueuing.put({&item, 1}));
  }
  if (!from_stdin) return {};
  ItemLines lines(env.streams().in, options.null ? '\0' : '\n');
  for (;;) {
    COORD_TRY_INTO(const auto items, lines.next());
    if (items.empty()) return {};
    COORD_TRY(enqueuing.put(items));
  }
}

}  // namespace

void define_enqueue(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<EnqueueOptions>();
  CLI::App& app =
      cli::add_command(root, {"enqueue", "Queues", "Puts items into a queue.", kExamples});
  cli::text(app, "--priority", options->priority, "N",
            "into a priority queue: 0 to 65535, the lowest is served first");
  cli::flag(app, "-0,--null", options->null, "items on stdin end with NUL instead of a newline");
  cli::repeatable(app, "--value-file", options->files, "FILE",
                  "an item that is all of this file, whatever bytes it has");
  cli::flag(app, "--print-keys", options->print_keys, "print the key of each item");
  cli::operand(app, "QUEUE", options->name, "name of the queue");
  cli::operands(app, "VALUE", options->values, "items; a single '-': one a line from stdin", false);
  registry.add(app, {.run = [options](cli::Env& env) { return run_enqueue(*options, env); }});
}

Result<int> run_enqueue(const EnqueueOptions& options, cli::Env& env) {
  COORD_TRY(check_queue(options.name));
  COORD_TRY_INTO(const auto priority, priority_of(options));
  const bool from_stdin = options.values == std::vector<std::string>{"-"};
  if (options.values.empty() && options.files.empty())
    return fail(Code::usage, "no VALUE", "'-' reads one item a line from stdin");
  if (options.null && !from_stdin)
    return fail(Code::usage, "-0 is for items on stdin", "give '-' in place of VALUE");
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Enqueuing enqueuing(options, priority, *client, env);
  const auto put = put_all(options, from_stdin, enqueuing, env);
  enqueuing.close();
  COORD_TRY(put);
  return cli::kDone;
}

}  // namespace coord::commands
