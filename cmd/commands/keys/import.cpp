#include "cmd/commands/keys/import.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/import_lines.hpp"
#include "cmd/commands/shared/interrupt.hpp"
#include "cmd/commands/shared/item_lines.hpp"
#include "cmd/commands/shared/progress.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/recipe/bulk_put.hpp"
#include "coord/recipe/commit.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord import app.jsonl\n"
    "coord import app.jsonl --if-absent --dry-run\n"
    "coord import - --prefix /app/ --dest-prefix /copy/ < app.jsonl";

// One file, line by line.
class Import {
 public:
  Import(const ImportOptions& options, cli::Env& env, const Interrupt& interrupt)
      : options_(&options), env_(&env), interrupt_(&interrupt), progress_(env, "import") {}

  Result<int> run(int fd) {
    auto read = open();
    if (read) read = read_all(fd);
    progress_.wipe();
    if (!read) return std::unexpected(explained(std::move(read).error()));
    print();
    return cli::kDone;
  }

 private:
  Result<> open() {
    if (options_->dry_run) return {};
    COORD_TRY_INTO(etcd::Client * client, env_->client());
    puts_.emplace(*client,
                  recipe::BulkLimits{.operations = static_cast<std::size_t>(options_->max_txn_ops),
                                     .patience = env_->globals().command_timeout},
                  options_->if_absent);
    return {};
  }

  Result<> read_all(int fd) {
    ItemLines lines(fd, '\n', interrupt_->fd());  // a pipe may be slow, and so may a person
    for (;;) {
      COORD_TRY_INTO(const auto some, lines.next());
      if (some.empty()) return flush();
      for (const std::string& line : some) {
        COORD_TRY(take(line));
        progress_.count(static_cast<std::size_t>(keys_), "key");
      }
    }
  }

  Result<> take(const std::string& line) {
    ++line_;
    if (line_ < options_->resume || line.find_first_not_of(" \t\r") == std::string::npos) return {};
    COORD_TRY(Context(interrupt_->stop()).check("import"));
    auto parsed = parse_import_line(line);
    if (!parsed) return bad_line(std::move(parsed).error());
    if (!parsed->key.starts_with(options_->prefix)) return {};
    std::string key = std::move(parsed->key);
    if (options_->dest_prefix) key.replace(0, options_->prefix.size(), *options_->dest_prefix);
    if (key.empty()) return bad_line({Code::bad_data, "its key is empty without the prefix"});
    ++keys_;
    leased_ += parsed->leased ? 1 : 0;
    return put(std::move(key), std::move(parsed->value));
  }

  Result<> put(std::string key, std::string value) {
    if (!puts_) {
      out::Record record;
      record.add("key", "Key", out::Readable{key})
          .add("size", "Size", std::int64_t{std::ssize(value)}, out::Zero::keep);
      record.line("would put " + printable(key));
      env_->print(record);
      return env_->out().status();
    }
    const std::int64_t before = done();
    COORD_TRY(puts_->add(Context(interrupt_->stop()), std::move(key), std::move(value)));
    if (done() > before) settled_ = line_ - 1;
    return {};
  }

  // What stands before it is good, and is written.
  Result<> bad_line(Error error) {
    const std::int64_t line = line_--;
    COORD_TRY(flush());
    ++line_;
    error.message = fmt::format("line {}: {}", line, error.message);
    return std::unexpected(std::move(error));
  }

  Result<> flush() {
    if (puts_) COORD_TRY(puts_->flush(Context(interrupt_->stop())));
    settled_ = line_;
    return {};
  }

  std::int64_t done() const { return puts_ ? puts_->written() + puts_->skipped() : 0; }

  Error explained(Error error) {
    error = in_context("import", std::move(error));
    if (recipe::is_too_large(error))
      error.hint = "--max-txn-ops makes the transactions smaller; a value has at most 1.5 MiB";
    if (options_->dry_run) return error;
    const std::int64_t from = std::max(settled_ + 1, options_->resume);
    error.message += fmt::format("; {} keys were written, all up to line {}",
                                 puts_ ? puts_->written() : 0, from - 1);
    if (error.hint.empty()) error.hint = fmt::format("to go on from there: --resume {}", from);
    return error;
  }

  void print() {
    if (options_->dry_run) return;
    out::Record record;
    record.add("written", "Written", puts_->written(), out::Zero::keep)
        .add("skipped", "Skipped", puts_->skipped(), out::Zero::keep);
    record.line(puts_->skipped() == 0 ? fmt::format("{} keys written", puts_->written())
                                      : fmt::format("{} keys written, {} were there already",
                                                    puts_->written(), puts_->skipped()));
    env_->print(record);
    if (leased_ > 0)
      env_->note(
          fmt::format("{} of the keys hung on a lease: they were written without one", leased_));
  }

  const ImportOptions* options_;
  cli::Env* env_;
  const Interrupt* interrupt_;
  Progress progress_;
  std::optional<recipe::BulkPut> puts_;
  std::int64_t line_ = 0;
  std::int64_t settled_ = 0;  // up to this line all is written
  std::int64_t keys_ = 0;
  std::int64_t leased_ = 0;
};

Result<> check(const ImportOptions& options) {
  if (options.resume < 1)
    return fail(Code::usage, fmt::format("--resume {} is no line", options.resume));
  if (options.max_txn_ops < 1)
    return fail(Code::usage, fmt::format("--max-txn-ops {} is too little", options.max_txn_ops));
  return {};
}

Result<proc::Fd> open_file(const std::string& path) {
  proc::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd) return fd;
  Error error = proc::os_error("import: cannot read " + in_quotes(path), errno);
  return fail(Code::bad_data, std::move(error.message));
}

}  // namespace

void define_import(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App& app = cli::add_command(
      root, {"import", "Keys", "Writes the keys that export has printed.", kExamples});
  cli::operand(app, "FILE", options->file, "what export wrote; -: stdin");
  cli::text(app, "--prefix", options->prefix, "PREFIX", "only keys that begin so");
  cli::text(app, "--dest-prefix", options->dest_prefix, "PREFIX",
            "goes in the place of --prefix; without that, in front");
  cli::flag(app, "--if-absent", options->if_absent, "leave keys alone that are there");
  cli::flag(app, "--dry-run", options->dry_run, "only read all, and print what would be put");
  cli::number(app, "--resume", options->resume, "begin with this line");
  cli::number(app, "--max-txn-ops", options->max_txn_ops,
              "so many keys in one transaction (128, as etcd's own limit)");
  registry.add(app, {.run = [options](cli::Env& env) { return run_import(*options, env); }});
}

Result<int> run_import(const ImportOptions& options, cli::Env& env) {
  COORD_TRY(check(options));
  proc::Fd file;
  if (options.file != "-") {
    COORD_TRY_INTO(file, open_file(options.file));
  }
  COORD_TRY(env.connection());  // may ask for a password, while a key still ends us
  COORD_TRY_INTO(const auto interrupt, Interrupt::take());
  const int fd = file ? file.get() : env.streams().in;
  auto done = Import(options, env, *interrupt).run(fd);
  if (const auto signal = interrupt->signal(); signal && !done) {
    env.note("coord: " + done.error().message);
    if (!done.error().hint.empty()) env.note("hint: " + done.error().hint);
    return proc::die_by_signal(*signal);
  }
  return done;
}

}  // namespace coord::commands
