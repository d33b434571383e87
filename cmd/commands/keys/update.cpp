#include "cmd/commands/keys/update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "cmd/commands/keys/update_filter.hpp"
#include "cmd/commands/keys/update_values.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/recipe/stm.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord update --create hits -- sh -c 'echo $(($(cat) + 1))'\n"
    "coord update app.conf -- sed 's/debug/info/'\n"
    "coord update --attempts 1 owner -- ./take-over.sh\n"
    "coord update -k a -k b -- jq '{a: .b, b: .a}'";

struct Job {
  std::vector<std::string> keys;
  bool as_json = false;
};

Result<Job> several(const UpdateOptions& options) {
  if (options.key.first || options.key.file || options.key.hex)
    return fail(Code::usage, "KEY beside -k", "name every key with -k");
  if (options.chomp) return fail(Code::usage, "--chomp goes with one KEY only");
  for (auto key = options.keys.begin(); key != options.keys.end(); ++key) {
    if (!is_utf8(*key))
      return fail(Code::usage,
                  fmt::format("-k {}: no UTF-8, so JSON cannot hold it", in_quotes(*key)));
    if (std::find(options.keys.begin(), key, *key) != key)
      return fail(Code::usage, fmt::format("-k {} is there twice", in_quotes(*key)));
  }
  return Job{options.keys, true};
}

Result<Job> job_of(const UpdateOptions& options, const cli::Env& env) {
  if (!env.child())
    return fail(Code::usage, "FILTER is missing: it stands behind --",
                "for example: coord update KEY -- sed s/old/new/");
  if (options.attempts < 0 || options.attempts > std::numeric_limits<int>::max())
    return fail(Code::usage,
                fmt::format("--attempts: {} is no number of attempts", options.attempts));
  if (!options.keys.empty()) return several(options);
  COORD_TRY_INTO(auto given, resolve_key(options.key));
  if (given.rest) return fail(Code::usage, fmt::format("one word too many: '{}'", *given.rest));
  return Job{{std::move(given.key)}, false};
}

std::string name_of(const Job& job) {
  std::string names;
  for (const std::string& key : job.keys) {
    if (!names.empty()) names += ", ";
    names += in_quotes(key);
  }
  return names;
}

// One update, over as many attempts as it takes.
class Update {
 public:
  Update(const UpdateOptions& options, const Job& job, UpdateFilter& filter)
      : options_(&options), job_(&job), filter_(&filter) {}

  Result<> attempt(recipe::Stm& one) {
    COORD_TRY_INTO(const Values before, read(one));
    COORD_TRY_INTO(const std::string output, filter_->run(input(before)));
    COORD_TRY_INTO(const Values wanted, wanted_by(output));
    written_ = 0;
    for (const auto& [key, value] : wanted) {
      if (value == before.at(key)) continue;
      ++written_;
      COORD_TRY_INTO(const std::int64_t lease, one.lease(key));
      if (value) {
        one.put(key, *value, lease);
      } else {
        one.remove(key);
      }
    }
    return {};
  }

  std::int64_t written() const { return written_; }

 private:
  Result<Values> read(recipe::Stm& one) const {
    COORD_TRY_INTO(const auto found, one.get(job_->keys));
    Values values;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!found[i] && !options_->create) {
        return fail(Code::not_found, fmt::format("there is no key {}", in_quotes(job_->keys[i])),
                    "with --create it begins empty");
      }
      values.emplace(job_->keys[i], found[i]);
    }
    return values;
  }

  std::string input(const Values& values) const {
    if (job_->as_json) return values_to_json(job_->keys, values);
    return values.begin()->second.value_or("");
  }

  Result<Values> wanted_by(std::string output) const {
    if (job_->as_json) return values_from_json(output, job_->keys);
    if (options_->chomp && output.ends_with('\n')) output.pop_back();
    return Values{{job_->keys.front(), std::move(output)}};
  }

  const UpdateOptions* options_;
  const Job* job_;
  UpdateFilter* filter_;
  std::int64_t written_ = 0;
};

out::Record update_record(const recipe::Committed& done, std::int64_t written) {
  out::Record record;
  record.add("revision", "Revision", done.header.revision);
  record.add("attempts", "Attempts", std::int64_t{done.attempts});
  record.add("written", "Written", written, out::Zero::keep);
  record.line(std::to_string(done.header.revision));
  return record;
}

Error explained(const Job& job, Error error) {
  constexpr std::string_view kOpening = "txn: ";
  if (error.message.starts_with(kOpening)) error.message.erase(0, kOpening.size());
  if (error.message.contains("too large") || error.message.contains("larger than max")) {
    error = {Code::bad_data, "what FILTER wrote is more than etcd takes",
             "that is 1.5 MiB in all, unless its servers run with --max-request-bytes"};
  }
  if (error.code == Code::compare_failed && error.hint.empty())
    error.hint = "nothing was written; --attempts says how often it is tried";
  return in_context("update " + name_of(job), std::move(error));
}

// A signal came: what is left to say, and then the end that it asked for.
int end_by(int signal, const Result<recipe::Committed>& done, const Job& job, cli::Env& env) {
  [[maybe_unused]] const auto written = env.out().flush();  // the signal's end comes first
  if (!done && done.error().uncertain)
    env.note(cli::spoken(explained(job, done.error()), env.color()));
  return proc::die_by_signal(signal);
}

}  // namespace

void define_update(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<UpdateOptions>();
  CLI::App& app = cli::add_command(
      root, {"update", "Keys",
             "Pipes a value through FILTER and back; if somebody changed it meanwhile, again.",
             kExamples});
  cli::operand(app, "KEY", options->key.first, "the key", cli::Shown::plain);
  add_key_options(app, options->key);
  cli::repeatable(app, "-k", options->keys, "KEY",
                  "one of several keys: FILTER gets and gives a JSON object of them");
  cli::flag(app, "--create", options->create, "a key that is missing is empty (null with -k)");
  cli::flag(app, "--chomp", options->chomp, "drop a newline at the end of what FILTER writes");
  cli::number(app, "--attempts", options->attempts,
              "run FILTER at most so often (0: as often as it takes)");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_update(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_update(const UpdateOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const Job job, job_of(options, env));
  COORD_TRY(env.connection());  // may ask for a password, while a key still ends us
  COORD_TRY_INTO(const auto interrupt, Interrupt::take());
  env.set_stop(interrupt->stop());
  COORD_TRY_INTO(etcd::Client * client, env.client());
  UpdateFilter filter(env, *interrupt);
  Update update(options, job, filter);
  // Each key that is written is read before, so that to watch over the reads is enough.
  const recipe::StmOptions how{.isolation = recipe::Isolation::serializable,
                               .attempts = static_cast<int>(options.attempts),
                               .patience = env.globals().command_timeout};
  const auto done = recipe::stm(*client, Context(env.stop()), how,
                                [&](recipe::Stm& one) { return update.attempt(one); });
  if (done) env.print(update_record(*done, update.written()));
  if (const auto signal = interrupt->signal()) return end_by(*signal, done, job, env);
  if (done) return cli::kDone;
  Error error = explained(job, done.error());
  if (!filter.failed_with()) return std::unexpected(std::move(error));
  env.note("coord: " + error.message);
  return *filter.failed_with();
}

}  // namespace coord::commands
