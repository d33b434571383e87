#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/cluster/check.hpp"
#include "cmd/commands/shared/until_signal.hpp"

namespace coord::commands {
namespace {

struct Size {
  std::string_view name;
  std::int64_t rate;
  std::size_t writers;
};

constexpr std::array<Size, 4> kSizes{
    {{"s", 150, 50}, {"m", 1000, 200}, {"l", 8000, 500}, {"xl", 15000, 1000}}};

constexpr double kSlowest = 0.5;  // seconds
constexpr double kDeviation = 0.1;

// etcdctl's words.
bool judge(const recipe::LoadOutcome& outcome, std::int64_t rate, cli::Env& env) {
  bool good = !tell_errors(outcome, env);
  const auto say = [&](bool passed, const std::string& pass, const std::string& failure) {
    env.out().write((passed ? pass : failure) + '\n');
    good = good && passed;
  };
  const auto reached = static_cast<std::int64_t>(outcome.rate()) + 1;
  say(outcome.rate() / static_cast<double>(rate) > 0.9,
      fmt::format("PASS: Throughput is {} writes/s", reached),
      fmt::format("FAIL: Throughput too low: {} writes/s", reached));
  say(outcome.slowest <= kSlowest, fmt::format("PASS: Slowest request took {:f}s", outcome.slowest),
      fmt::format("Slowest request took too long: {:f}s", outcome.slowest));
  say(outcome.deviation <= kDeviation, fmt::format("PASS: Stddev is {:f}s", outcome.deviation),
      fmt::format("Stddev too high: {:f}s", outcome.deviation));
  env.out().write(good ? "PASS\n" : "FAIL\n");
  return good;
}

}  // namespace

Result<int> run_check_perf(const CheckOptions& options, cli::Env& env) {
  const auto* const size = std::ranges::find(kSizes, options.load, &Size::name);
  if (size == kSizes.end()) return cli::none_of("--load", options.load, {"s", "m", "l", "xl"});
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.duration).count();
  if (seconds < 1) return fail(Code::usage, "--duration: at least 1s");
  const recipe::LoadPlan plan{.prefix = options.prefix,
                              .writers = size->writers,
                              .rate = size->rate,
                              .count = size->rate * seconds};
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    const auto outcome = run_load(options, env, plan, ctx, [] {});
    if (!outcome) return std::unexpected(in_context("check perf", outcome.error()));
    return judge(*outcome, size->rate, env) ? cli::kDone : cli::kNo;
  });
}

}  // namespace coord::commands
