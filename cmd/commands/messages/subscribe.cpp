#include "cmd/commands/messages/subscribe.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/messages/publish.hpp"
#include "cmd/commands/messages/subscription.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord subscribe deploys\n"
    "coord subscribe deploys --from beginning --json\n"
    "coord subscribe deploys --resume mailer -- sh -c 'mail -s \"$COORD_MESSAGE\" ops'\n"
    "coord subscribe deploys --count 1 --timeout 5m";

void add_options(CLI::App& app, SubscribeOptions& options) {
  cli::text(app, "--from", options.from, "REVISION",
            "where to begin: 'beginning' (all that is kept), 'now' (the default), or a revision "
            "that has been");
  cli::text(app, "--resume", options.resume, "NAME",
            "go on where the subscriber of this name stopped; --from is for its first time");
  cli::number(app, "--count", options.count, "exit after so many messages");
  cli::duration(app, "--timeout", options.timeout,
                "exit 124 when no message has come for so long; never limits CMD");
  add_conflict_option(app, options.conflict_status,
                      "exit with this when the time ran out, instead of 124");
  cli::flag(app, "--strict", options.strict, "exit 65 at a gap, where revisions were compacted");
  cli::number(app, "--attempts", options.attempts,
              "run CMD up to so often for a message, then exit as it did (5; 0: for ever)");
  cli::flag(app, "-0,--null", options.null, "end printed messages with NUL instead of a newline");
  cli::duration(app, "--ttl", options.ttl,
                "with --resume: how long the name is taken when coord died (15s)");
  cli::text(app, "--note", options.note, "TEXT",
            "with --resume: shown by 'coord who __TOPIC/subscribers/NAME'");
}

Result<> check(const SubscribeOptions& options, const cli::Env& env) {
  COORD_TRY(check_topic(options.topic));
  COORD_TRY(parse_from(options.from));
  if (options.resume && (options.resume->empty() || options.resume->contains('/')))
    return fail(Code::usage, fmt::format("--resume {}: a name is not empty and has no '/'",
                                         in_quotes(*options.resume)));
  if (options.count && *options.count < 1) return fail(Code::usage, "--count must be at least 1");
  if (options.timeout == Duration{0}) return fail(Code::usage, "--timeout must be more than 0");
  if (options.attempts < 0) return fail(Code::usage, "--attempts must not be negative");
  if (options.ttl < std::chrono::seconds{1})
    return fail(Code::usage, "--ttl must be at least one second");
  if (options.null && env.child())
    return fail(Code::usage, "-0 is for messages that are printed: CMD has its message on stdin");
  return {};
}

}  // namespace

void define_subscribe(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<SubscribeOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"subscribe", "Messages",
       "Prints the messages of a topic as they come, or runs a command for each.", kExamples});
  add_options(app, *options);
  cli::operand(app, "TOPIC", options->topic, "name of the topic");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_subscribe(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_subscribe(const SubscribeOptions& options, cli::Env& env) {
  COORD_TRY(check(options, env));
  COORD_TRY_INTO(const auto status, conflict_status(options.conflict_status));
  auto ended = env.child() ? run_for_messages(options, env) : print_messages(options, env);
  if (ended || ended.error().code != Code::timed_out) return ended;
  return tell_answer(env, ended.error(), status);
}

}  // namespace coord::commands
