#include "cmd/commands/keys/edit.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/terminal.hpp"
#include "cmd/commands/keys/draft.hpp"
#include "cmd/commands/keys/editor.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/confirm.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/recipe/commit.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord edit app/config\n"
    "coord edit --create app/motd\n"
    "coord edit --keep-newline app/motd";

using Pair = std::optional<etcd::KeyValue>;  // nothing: there is no such key

Pair first_of(etcd::RangeReply reply) {
  if (reply.kvs.empty()) return std::nullopt;
  return std::move(reply.kvs.front());
}

std::string value_of(const Pair& pair) { return pair ? pair->value : ""; }

Result<> check_text(const Pair& found, const EditOptions& options) {
  if (!found && !options.create)
    return fail(Code::not_found, "there is no such key", "with --create it begins empty");
  if (!value_of(found).contains('\0')) return {};
  return fail(Code::bad_data, "its value is binary (it has NUL bytes): not for a text editor",
              "pipe it through a program: coord update KEY -- FILTER");
}

// One edit of one key, over as many rounds as it takes.
class Edit {
 public:
  Edit(const EditOptions& options, std::string key, cli::Env& env, proc::Signals signals)
      : options_(&options), key_(std::move(key)), env_(&env), signals_(std::move(signals)) {}

  Result<int> run() {
    COORD_TRY_INTO(client_, env_->client());
    COORD_TRY_INTO(auto found, etcd::Kv(*client_).range(env_->context(), {.key = key_}));
    base_ = first_of(std::move(found));
    COORD_TRY(check_text(base_, *options_));
    COORD_TRY_INTO(Draft draft, Draft::make(key_, value_of(base_)));
    if (const auto signal = pending_end()) return end_by(*signal, std::move(draft));
    for (;;) {
      COORD_TRY_INTO(const auto end, run_editor(editor_words(draft.path()), signals_));
      if (end.signal) {
        note_kept(draft, base_, fmt::format("ended by signal {}", *end.signal));
        return end_by(*end.signal, std::move(draft));
      }
      if (end.wait_status != 0) return editor_failed(end.wait_status, draft);
      COORD_TRY_INTO(const auto done, finish(draft));
      if (done) return *done;
    }
  }

 private:
  // The status; nothing: the user wants to edit again.
  Result<std::optional<int>> finish(Draft& draft) {
    COORD_TRY_INTO(const std::string text, text_of(draft));
    draft.keep(false);
    if (text == value_of(base_)) {
      env_->note("unchanged: nothing was written");
      return cli::kDone;
    }
    auto saved = save(text);
    if (!saved) {
      draft.keep();
      saved.error().hint = "your text is in " + draft.path();
      return std::unexpected(std::move(saved).error());
    }
    if (!*saved) return cli::kDone;
    return on_conflict(std::move(**saved), draft);
  }

  Result<std::string> text_of(const Draft& draft) {
    COORD_TRY_INTO(std::string text, draft.read());
    const bool added = text.ends_with('\n') && !value_of(base_).ends_with('\n');
    if (!added || options_->keep_newline) return text;
    text.pop_back();
    if (text != value_of(base_))
      env_->note("without the newline at the end, as it was; --keep-newline keeps it");
    return text;
  }

  // Nothing once it is written; else what is there now.
  Result<std::optional<Pair>> save(const std::string& text) {
    etcd::Txn txn;
    txn.when(etcd::Compare::mod(key_, etcd::CompareResult::equal, base_ ? base_->mod_revision : 0));
    txn.then(etcd::PutRequest{.key = key_, .value = text, .lease = base_ ? base_->lease : 0});
    txn.otherwise(etcd::RangeRequest{.key = key_});
    auto done = recipe::commit(*client_, env_->context(), txn);
    if (!done) {
      if (recipe::is_too_large(done.error()))
        done.error().message = "the text is more than etcd takes (1.5 MiB)";
      return std::unexpected(as_outage(std::move(done).error()));
    }
    if (!done->reply.succeeded) {
      Pair now = first_of(done->reply.range(0));
      const bool ours = done->in_doubt && now && now->value == text;
      if (!ours) return std::optional<Pair>(std::move(now));
    }
    print(done->reply.header.revision);
    return std::nullopt;
  }

  void print(std::int64_t revision) {
    out::Record record;
    record.add("key", "Key", out::Readable{key_}).add("revision", "Revision", revision);
    record.line(fmt::format("{} written, at revision {}", in_quotes(key_), revision));
    env_->print(record);
  }

  Result<std::optional<int>> on_conflict(Pair now, Draft& draft) {
    draft.keep();
    const std::string what =
        now ? fmt::format("somebody changed it meanwhile, at revision {}", now->mod_revision)
            : "somebody deleted it meanwhile";
    Error error{Code::compare_failed, what + ": nothing was written",
                "your text is in " + draft.path()};
    if (!has_person(*env_)) return std::unexpected(std::move(error));
    env_->note(fmt::format("coord: edit {}: {}", in_quotes(key_), error.message));
    COORD_TRY_INTO(const auto beside, draft.write_beside(".now", value_of(now)));
    env_->note(fmt::format("your text is in {}, what it is now in {}", draft.path(), beside));
    COORD_TRY_INTO(const bool again, ask("Edit your text again, to write it over that?"));
    if (!again) return cli::kNo;
    base_ = std::move(now);
    return std::nullopt;
  }

  // While it asks, Ctrl-C ends us as always.
  Result<bool> ask(const std::string& question) {
    signals_.original().restore();
    const auto yes = confirm(*env_, question);
    COORD_TRY_INTO(signals_, proc::Signals::take());
    return yes;
  }

  Result<int> editor_failed(int wait_status, Draft& draft) {
    const auto signal = proc::fatal_signal(wait_status);
    const std::string how = signal ? fmt::format("was killed by signal {}", *signal)
                                   : fmt::format("exited with {}", proc::exit_status(wait_status));
    env_->note(
        fmt::format("coord: edit {}: the editor {}, nothing was written", in_quotes(key_), how));
    if (signal) note_kept(draft, base_, "");
    return proc::exit_status(wait_status);
  }

  // Where there is something to keep.
  void note_kept(Draft& draft, const Pair& base, const std::string& why) {
    const auto text = draft.read();
    if (text && *text == value_of(base)) return;
    draft.keep();
    env_->note(fmt::format("{}{}your text is in {}", why, why.empty() ? "" : ": ", draft.path()));
  }

  std::optional<int> pending_end() {
    while (const auto signal = signals_.next()) {
      if (proc::ends_us(signal->number)) return signal->number;
    }
    return std::nullopt;
  }

  static int end_by(int signal, Draft draft) {
    {
      const Draft gone = std::move(draft);
    }
    return proc::die_by_signal(signal);
  }

  const EditOptions* options_;
  std::string key_;
  cli::Env* env_;
  proc::Signals signals_;
  etcd::Client* client_ = nullptr;
  Pair base_;  // that the text is to be written over
};

}  // namespace

void define_edit(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<EditOptions>();
  CLI::App& app = cli::add_command(
      root, {"edit", "Keys", "Opens a value in your editor, and writes it back if nobody else did.",
             kExamples});
  cli::operand(app, "KEY", options->key.first, "the key", cli::Shown::plain);
  add_key_options(app, options->key);
  cli::flag(app, "--create", options->create, "a key that is missing begins empty");
  cli::flag(app, "--keep-newline", options->keep_newline,
            "keep the newline that editors add at the end, also where the value had none");
  registry.add(app, {.run = [options](cli::Env& env) { return run_edit(*options, env); }});
}

Result<int> run_edit(const EditOptions& options, cli::Env& env) {
  COORD_TRY_INTO(auto given, resolve_key(options.key));
  if (given.rest) return fail(Code::usage, fmt::format("one word too many: '{}'", *given.rest));
  COORD_TRY(env.connection());  // may ask for a password, while a key still ends us
  COORD_TRY_INTO(auto signals, proc::Signals::take());
  auto done = Edit(options, given.key, env, std::move(signals)).run();
  if (done || done.error().code == Code::usage) return done;
  const char* asked = done.error().message.starts_with("txn: ") ? "txn" : "get";
  return std::unexpected(about("edit", in_quotes(given.key), std::move(done).error(), asked));
}

}  // namespace coord::commands
