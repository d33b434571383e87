#include "cmd/commands/metrics.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <memory>

#include "coord/proc/fd.hpp"

namespace coord::commands {
namespace {

constexpr int kSeconds = 5;  // for each step

// -1: nobody listens there.
int connect_to(const std::string& host, const std::string& port) {
  addrinfo wish{};
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &wish, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const int fd = ::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    const timeval limit{kSeconds, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(fd, each->ai_addr, each->ai_addrlen) == 0) return fd;
    ::close(fd);
  }
  return -1;
}

std::string fetch(int fd, const std::string& host) {
  const std::string request = fmt::format("GET /metrics HTTP/1.0\r\nHost: {}\r\n\r\n", host);
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string page;
  char buffer[16384];
  for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    page.append(buffer, static_cast<std::size_t>(n));
  return page;
}

}  // namespace

Result<double> read_metric(const Context& ctx, const etcd::Options& options,
                           const std::string& endpoint, const std::string& name) {
  COORD_TRY(ctx.check("metrics"));
  COORD_TRY_INTO(const auto parsed, etcd::parse_endpoint(endpoint, options.tls));
  if (parsed.tls || parsed.target.starts_with("unix:")) {
    return fail(Code::bad_data,
                fmt::format("the metrics of {} can only be read over plain HTTP", endpoint));
  }
  const auto colon = parsed.target.rfind(':');
  std::string host = parsed.target.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const proc::Fd fd(connect_to(host, parsed.target.substr(colon + 1)));
  const std::string page = fd.get() < 0 ? std::string() : fetch(fd.get(), host);
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
