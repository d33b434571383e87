#include "cmd/commands/tools/complete.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include "cmd/cli/complete.hpp"
#include "cmd/cli/connection.hpp"
#include "cmd/cli/context.hpp"
#include "cmd/cli/define.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/shell_word.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd/commands/tools/live_words.hpp"
#include "cmd/commands/tools/process_age.hpp"
#include "cmd/out/width.hpp"

namespace coord::commands {
namespace {

using cli::Candidate;
using cli::Cursor;

constexpr auto kWhole = std::chrono::milliseconds{300};  // from the start of the process
constexpr auto kEnding = std::chrono::milliseconds{50};  // for printing, and for the process to go
constexpr std::size_t kWidest = 60;                      // of a description

// What gRPC says would stand in the middle of the user's line.
void silence() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
}

// The connection of the line. Nothing where a password would have to be asked for.
Result<cli::Globals> globals_of(const Cursor& cursor) {
  cli::Settings settings({cli::typed_layer(cursor),
                          cli::variable_layer("COORD_", cli::process_variable),
                          cli::variable_layer("ETCDCTL_", cli::process_variable)});
  // As etcdctl, which has no contexts, it reads none.
  const bool contexts = cli::root_of(*cursor.command).get_name() != "etcdctl";
  if (contexts) COORD_TRY(cli::add_context(settings, cli::process_variable));
  COORD_TRY_INTO(auto globals, cli::resolve_globals(settings));
  const etcd::Options& options = globals.connection;
  if (!options.user.empty() && options.password.empty() && globals.password_file.empty())
    return fail(Code::denied, "there is no password");
  return globals;
}

struct LiveQuestion {
  cli::Globals globals;
  std::string kind;
  std::string command;
  std::string text;
};

std::vector<Candidate> ask(const LiveQuestion& question, Duration budget) {
  const Context ctx = Context::within(budget);
  auto connection = cli::resolve_connection(question.globals);
  if (!connection) return {};
  connection->options.dial_timeout = budget;
  auto client = etcd::Client::open(std::move(connection->options));
  if (!client) return {};
  // Never destroyed: that takes gRPC longer than the question, and the process ends.
  etcd::Client& open = *client->release();
  return live_words(open, ctx, question.kind, question.command, question.text);
}

// In a thread of its own, since DNS and the files of a far disk heed no deadline; it is left behind
// when the time is up.
std::vector<Candidate> ask_in_time(LiveQuestion question) {
  const Duration budget = kWhole - kEnding - process_age();
  if (budget <= Duration{0}) return {};
  std::packaged_task<std::vector<Candidate>()> task(
      [question = std::move(question), budget] { return ask(question, budget); });
  auto answer = task.get_future();
  std::thread(std::move(task)).detach();
  if (answer.wait_for(budget) != std::future_status::ready) return {};
  return answer.get();
}

std::vector<Candidate> contexts(const std::string& text) {
  std::set<std::string> names{std::string(cli::kNoContext)};
  if (const auto config = cli::load_config(cli::process_variable)) {
    for (const cli::ConfigFile& file : config->files)
      for (const auto& [name, context] : file.contexts) names.insert(name);
  }
  std::vector<Candidate> found;
  for (const std::string& name : names)
    if (name.starts_with(text)) found.push_back({name, ""});
  return found;
}

std::vector<Candidate> candidates_at(const Cursor& cursor) {
  if (cursor.kind == "CONTEXT") return contexts(cursor.text);
  if (!cursor.words.empty() || !is_live(cursor.kind)) return cursor.words;
  auto globals = globals_of(cursor);
  if (!globals) return {};
  return ask_in_time(
      {*std::move(globals), cursor.kind, cli::command_path(*cursor.command), cursor.text});
}

std::string what_else(const Cursor& cursor) {
  if (cursor.command_line) return fmt::format(":command {}", *cursor.command_line);
  if (cursor.kind == "FILE") return ":files";
  return cursor.kind == "DIR" ? ":folders" : ":words";
}

std::string shortened(const std::string& description) {
  if (out::display_width(description) <= kWidest) return description;
  const std::size_t end = description.rfind(' ', kWidest);
  return end == std::string::npos ? "" : description.substr(0, end) + " …";
}

// For bash a word is what shall stand on the line; in a list its description stands beside it.
void print_for_bash(const std::vector<Candidate>& candidates, bool list, char open_quote,
                    cli::Env& env) {
  std::vector<std::string> words;
  std::size_t widest = 0;
  for (const Candidate& one : candidates) {
    words.push_back(cli::quote(one.word, open_quote));
    widest = std::max(widest, out::display_width(words.back()));
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string about = shortened(candidates[i].description);
    if (list && words.size() > 1 && !about.empty())
      words[i] += std::string(widest - out::display_width(words[i]), ' ') + "  (" + about + ")";
    env.out().write(words[i] + '\n');
  }
}

}  // namespace

void define_complete(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<CompleteOptions>();
  CLI::App& app = cli::add_command(root, {"__complete", "", "For the completion of shells.", ""});
  cli::operand(app, "SHELL", options->shell, "bash, bash-list, zsh, zsh-bare, fish or fish-bare");
  cli::operand(app, "N", options->at, "which word the cursor is in");
  cli::operands(app, "WORD", options->words, "the line without the program's name", false);
  const auto run = [&root, &registry, options](cli::Env& env) {
    return run_complete(root, registry, *options, env);
  };
  registry.add(app, {.run = run});
}

Result<int> run_complete(const CLI::App& root, const cli::Registry& registry,
                         const CompleteOptions& options, cli::Env& env) {
  silence();
  const bool bash = options.shell.starts_with("bash");
  const bool bare = options.shell.ends_with("-bare");
  if (!bash && !options.shell.starts_with("zsh") && !options.shell.starts_with("fish")) return 0;
  std::size_t at = options.words.size();
  std::from_chars(options.at.data(), options.at.data() + options.at.size(), at);
  std::vector<std::string> words;
  char open_quote = '\0';
  for (std::size_t i = 0; i < options.words.size(); ++i) {
    const auto word = bash ? cli::unquote(options.words[i]) : cli::ShellWord{options.words[i]};
    words.push_back(word.text);
    if (i == at) open_quote = word.open_quote;
  }
  const Cursor cursor = cli::cursor_at(root, registry, words, at);
  auto candidates = candidates_at(cursor);
  for (Candidate& one : candidates) one.word.insert(0, cursor.head);
  if (bash) {
    print_for_bash(candidates, options.shell == "bash-list", open_quote, env);
  } else {
    for (const Candidate& one : candidates)
      env.out().write(one.word + '\t' + (bare ? "" : shortened(one.description)) + '\n');
  }
  env.out().write(what_else(cursor) + '\n');
  return 0;
}

}  // namespace coord::commands
