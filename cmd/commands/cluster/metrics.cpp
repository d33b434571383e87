#include "cmd/commands/cluster/metrics.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/commands/shared/wire.hpp"

namespace coord::commands {
namespace {

constexpr auto kLimit = std::chrono::seconds{5};  // for each step
constexpr std::size_t kMost = 4UL << 20U;

Result<std::string> fetch(const etcd::Endpoint& endpoint) {
  bool nobody = false;
  COORD_TRY_INTO(Wire wire, Wire::connect(endpoint, kLimit, nobody));
  const bool sent = wire.send("GET /metrics HTTP/1.0\r\nHost: etcd\r\n\r\n");
  bool timed_out = false;
  return sent ? wire.receive(timed_out, kMost) : "";
}

}  // namespace

Result<double> read_metric(const Context& ctx, const etcd::Options& options,
                           const std::string& endpoint, const std::string& name) {
  COORD_TRY(ctx.check("metrics"));
  COORD_TRY_INTO(const auto parsed, etcd::parse_endpoint(endpoint, options.tls));
  if (parsed.tls)
    return fail(Code::bad_data,
                fmt::format("the metrics of {} can only be read without TLS", endpoint));
  const std::string page = fetch(parsed).value_or("");
  const auto at = page.find('\n' + name + ' ');
  double number = 0;
  if (at == std::string::npos ||
      std::from_chars(page.data() + at + name.size() + 2, page.data() + page.size(), number).ec !=
          std::errc{}) {
    return fail(Code::unavailable, fmt::format("{} does not tell {}", endpoint, name));
  }
  return number;
}

}  // namespace coord::commands
