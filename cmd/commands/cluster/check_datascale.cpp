#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/cluster/check.hpp"
#include "cmd/commands/cluster/metrics.hpp"
#include "cmd/commands/shared/until_signal.hpp"

namespace coord::commands {
namespace {

struct Size {
  std::string_view name;
  std::int64_t keys;
  std::size_t writers;
};

constexpr std::array<Size, 4> kSizes{
    {{"s", 10000, 50}, {"m", 100000, 100}, {"l", 1000000, 200}, {"xl", 3000000, 500}}};

constexpr std::size_t kValueBytes = 1024;
constexpr const char* kMemory = "process_resident_memory_bytes";

Result<int> check(const CheckOptions& options, cli::Env& env, const Size& size,
                  const Context& ctx) {
  COORD_TRY_INTO(const auto connection, env.connection());
  const std::string& endpoint = connection.endpoints.front();
  COORD_TRY_INTO(const double before, read_metric(ctx, connection, endpoint, kMemory));
  env.out().write(
      fmt::format("Start data scale check for work load [{} key-value pairs, {} bytes per "
                  "key-value, {} concurrent clients].\n",
                  size.keys, kValueBytes, size.writers));
  COORD_TRY(env.out().flush());
  Result<double> memory;
  const recipe::LoadPlan plan{.prefix = options.prefix,
                              .writers = size.writers,
                              .count = size.keys,
                              .value_bytes = kValueBytes};
  COORD_TRY_INTO(const auto outcome, run_load(options, env, plan, ctx, [&] {
                   memory = read_metric(ctx, connection, endpoint, kMemory);
                 }));
  COORD_TRY(memory);
  if (tell_errors(outcome, env)) return cli::kNo;
  constexpr double kMega = 1024 * 1024;
  env.out().write(fmt::format("PASS: Approximate system memory used : {:.2f} MB.\n",
                              (*memory - before) / kMega));
  return cli::kDone;
}

}  // namespace

Result<int> run_check_datascale(const CheckOptions& options, cli::Env& env) {
  const auto* const size = std::ranges::find(kSizes, options.load, &Size::name);
  if (size == kSizes.end()) return cli::none_of("--load", options.load, {"s", "m", "l", "xl"});
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    auto status = check(options, env, *size, ctx);
    if (!status) return std::unexpected(in_context("check datascale", status.error()));
    return status;
  });
}

}  // namespace coord::commands
