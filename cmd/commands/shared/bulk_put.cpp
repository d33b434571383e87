#include "cmd/commands/shared/bulk_put.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/item_lines.hpp"
#include "cmd/commands/shared/progress.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "cmd/commands/shared/read_file.hpp"

namespace coord::commands {

namespace {

constexpr std::size_t kSlice = 125;  // items for each of which the time limit begins anew

class BulkPut {
 public:
  BulkPut(const BulkOptions& options, const BulkTarget& target, cli::Env& env)
      : options_(&options), target_(&target), env_(&env), progress_(env, target.command) {}

  Result<> put(std::span<const std::string> items) {
    while (!items.empty()) {
      const auto slice = items.first(std::min(items.size(), kSlice));
      items = items.subspan(slice.size());
      std::vector<recipe::Written> done;
      const auto put = target_->put(env_->context(), slice, done);
      for (const recipe::Written& one : done) show(one);
      count_ += done.size();
      if (!put) return std::unexpected(explain(put.error(), slice.size() - done.size()));
      COORD_TRY(env_->out().status());
      progress_.count(count_, target_->item);
    }
    return options_->print_keys ? env_->out().flush() : Result<>();
  }

 private:
  void show(const recipe::Written& one) {
    out::Record record;
    record.add("key", "Key", out::Readable{one.key}).add("revision", "Revision", one.revision);
    if (options_->print_keys) record.bytes(one.key);
    env_->print(record);
  }

  Error explain(Error error, std::size_t left) {
    progress_.wipe();
    error = as_outage(about(target_->command, target_->object, std::move(error)));
    const std::string known = count_ == 1
                                  ? fmt::format("the first {} was put", target_->item)
                                  : fmt::format("the first {} {}s were put", count_, target_->item);
    if (target_->in_doubt()) {
      error.message += fmt::format("; {}, the next {} may have been", known, left);
      error.hint = "the reply was lost: " + target_->look;
    } else if (count_ > 0) {
      error.message += "; " + known + ", no more";
    }
    return error;
  }

  const BulkOptions* options_;
  const BulkTarget* target_;
  cli::Env* env_;
  Progress progress_;
  std::size_t count_ = 0;
};

}  // namespace

void add_bulk_options(CLI::App& app, BulkOptions& options, const std::string& item) {
  cli::flag(app, "-0,--null", options.null, item + "s on stdin end with NUL instead of a newline");
  cli::repeatable(app, "--value-file", options.files, "FILE",
                  fmt::format("{} {} that is all of this file, whatever bytes it has",
                              item == "item" ? "an" : "a", item));
  cli::flag(app, "--print-keys", options.print_keys, "print the key of each " + item);
}

void add_bulk_operands(CLI::App& app, BulkOptions& options, const std::string& item) {
  cli::operands(app, "VALUE", options.values, item + "s; a single '-': one a line from stdin",
                false);
}

Result<> check_bulk(const BulkOptions& options, const std::string& item) {
  if (options.values.empty() && options.files.empty())
    return fail(Code::usage, "no VALUE", fmt::format("'-' reads one {} a line from stdin", item));
  if (options.null && !options.from_stdin())
    return fail(Code::usage, fmt::format("-0 is for {}s on stdin", item),
                "give '-' in place of VALUE");
  return {};
}

Result<> put_in_bulk(const BulkOptions& options, const BulkTarget& target, cli::Env& env) {
  BulkPut bulk(options, target, env);
  const bool from_stdin = options.from_stdin();
  if (!from_stdin) COORD_TRY(bulk.put(options.values));
  for (const std::string& path : options.files) {
    COORD_TRY_INTO(const std::string item, read_file(path));
    COORD_TRY(bulk.put({&item, 1}));
  }
  if (!from_stdin) return {};
  ItemLines lines(env.streams().in, options.null ? '\0' : '\n');
  for (;;) {
    COORD_TRY_INTO(const auto items, lines.next());
    if (items.empty()) return {};
    COORD_TRY(bulk.put(items));
  }
}

}  // namespace coord::commands
