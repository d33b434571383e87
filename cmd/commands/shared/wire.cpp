#include "cmd/commands/shared/wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "coord/base/os_reason.hpp"

namespace coord::commands {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

std::unexpected<Error> unreachable(const std::string& why) { return fail(Code::unavailable, why); }

int milliseconds(Duration span) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
}

// 0, or why not. Reads and writes have a limit of their own from then on.
int connect_within(int fd, const sockaddr* address, socklen_t size, Duration limit) {
  int error = ::connect(fd, address, size) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd writable{fd, POLLOUT, 0};
    if (poll(&writable, 1, milliseconds(limit)) <= 0) return ETIMEDOUT;
    socklen_t length = sizeof error;
    (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  }
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(limit).count();
  const timeval span{micros / 1000000, micros % 1000000};
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &span, sizeof span);
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &span, sizeof span);
  (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  return error;
}

proc::Fd stream_socket(int family) {
  return proc::Fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

Result<proc::Fd> connect_unix(const std::string& path, Duration limit, bool& nobody) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return unreachable("the socket's path is too long");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  proc::Fd fd = stream_socket(AF_UNIX);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is how connect() is called
  const auto* place = reinterpret_cast<const sockaddr*>(&address);
  const int error = fd ? connect_within(fd.get(), place, sizeof address, limit) : errno;
  nobody = error == ECONNREFUSED || error == ENOENT;
  if (error != 0) return unreachable(os_reason(error));
  return fd;
}

Result<proc::Fd> connect_tcp(const std::string& target, Duration limit, bool& nobody) {
  const auto colon = target.rfind(':');
  std::string host = target.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), target.substr(colon + 1).c_str(), &wanted, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  if (failed != 0) return unreachable(gai_strerror(failed));
  int error = 0;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    proc::Fd fd = stream_socket(one->ai_family);
    error = fd ? connect_within(fd.get(), one->ai_addr, one->ai_addrlen, limit) : errno;
    if (error == 0) return fd;
  }
  nobody = error == ECONNREFUSED;
  return unreachable(os_reason(error));
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

std::string openssl_words() {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(error);
  ERR_clear_error();
  return reason == nullptr ? "the connection was closed" : reason;
}

int accept_any(int /*verified*/, X509_STORE_CTX* /*context*/) { return 1; }

}  // namespace

Result<Wire> Wire::connect(const etcd::Endpoint& endpoint, Duration limit, bool& nobody) {
  constexpr std::string_view kUnix = "unix:";
  const bool local = endpoint.target.starts_with(kUnix);
  COORD_TRY_INTO(proc::Fd fd,
                 local ? connect_unix(endpoint.target.substr(kUnix.size()), limit, nobody)
                       : connect_tcp(endpoint.target, limit, nobody));
  return Wire(std::move(fd), limit);
}

std::string Wire::start_tls(const etcd::TlsOptions& tls, const std::string& host) {
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (tls.ca_file.empty()) {
    (void)SSL_CTX_set_default_verify_paths(context_.get());
  } else {
    (void)SSL_CTX_load_verify_locations(context_.get(), tls.ca_file.c_str(), nullptr);
  }
  if (!tls.cert_file.empty()) {
    (void)SSL_CTX_use_certificate_chain_file(context_.get(), tls.cert_file.c_str());
    (void)SSL_CTX_use_PrivateKey_file(context_.get(), tls.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, accept_any);
  ERR_clear_error();
  ssl_.reset(SSL_new(context_.get()));
  std::string name = host;  // below: what SSL_set_tlsext_host_name() is, without its C cast
  if (!is_address(host)) {
    (void)SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   name.data());
  }
  (void)SSL_set_fd(ssl_.get(), fd_.get());
  if (SSL_connect(ssl_.get()) != 1) return openssl_words();
  certificate_ = judge(tls, host);
  return "";
}

Probe::Certificate Wire::judge(const etcd::TlsOptions& tls, const std::string& host) const {
  using Certificate = Probe::Certificate;
  switch (SSL_get_verify_result(ssl_.get())) {
    case X509_V_OK:
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Certificate::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Certificate::not_yet_valid;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return Certificate::unknown_ca;
    default:
      return Certificate::bad;
  }
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  const std::string name = tls.server_name.empty() ? host : tls.server_name;
  const bool fits =
      certificate != nullptr &&
      (is_address(name) ? X509_check_ip_asc(certificate, name.c_str(), 0)
                        : X509_check_host(certificate, name.data(), name.size(), 0, nullptr)) == 1;
  return fits ? Certificate::good : Certificate::wrong_name;
}

bool Wire::send(const std::string& text) {
  ERR_clear_error();
  if (ssl_) return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0;
  return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) > 0;
}

std::string Wire::receive(bool& timed_out, std::size_t most) {
  std::string all;
  std::array<char, 4096> bytes{};
  timed_out = false;
  const BootTime end = after(BootClock::now(), limit_);
  while (all.size() < most) {
    timed_out = BootClock::now() >= end;  // bytes that trickle in count as silence
    if (timed_out) break;
    errno = 0;
    const auto count = ssl_ ? SSL_read(ssl_.get(), bytes.data(), bytes.size())
                            : ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) {
      timed_out = errno == EAGAIN || errno == EWOULDBLOCK;
      break;
    }
    all.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return all;
}

std::string Wire::tls_trouble() const {
  const unsigned long error = ERR_peek_last_error();
  if (!ssl_ || error == 0) return "";
  const char* reason = ERR_reason_error_string(error);
  return reason == nullptr ? "" : reason;
}

}  // namespace coord::commands
