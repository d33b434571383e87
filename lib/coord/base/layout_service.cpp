#include "coord/base/layout_service.hpp"

#include <openssl/evp.h>

#include <array>

#include "coord/base/bytes.hpp"
#include "coord/base/layout_shapes.hpp"

namespace coord::layout {
namespace {

constexpr std::string_view kJson = "register/";

// OpenSSL refuses only where it was built or configured without MD5; then all would have one key.
std::string md5(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t length = 0;
  if (EVP_Q_digest(nullptr, "MD5", nullptr, text.data(), text.size(), digest.data(), &length) != 1)
    return hex(text);
  return hex(std::string(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(length)));
}

}  // namespace

std::string service_prefix(const ServiceLayout& layout, std::string_view service) {
  switch (layout.kind) {
    case ServiceKind::plain:
      return '/' + layout.prefix + '/' + std::string(service) + '/';
    case ServiceKind::json:
      return std::string(kJson);
    case ServiceKind::endpoints:
      break;
  }
  return std::string(service) + '/';
}

std::string instance_key(const ServiceLayout& layout, std::string_view service,
                         std::string_view address) {
  if (layout.kind == ServiceKind::json)
    return std::string(kJson) + md5(std::string(service) + ':' + std::string(address));
  return service_prefix(layout, service) + std::string(address);
}

std::optional<std::string> parse_endpoint_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  if (!is_address(key.substr(slash + 1))) return std::nullopt;
  return std::string(key.substr(0, slash));
}

std::optional<std::string> plain_address(const ServiceLayout& layout, std::string_view service,
                                         std::string_view key) {
  const std::string prefix = service_prefix(layout, service);
  if (!key.starts_with(prefix) || key.size() == prefix.size()) return std::nullopt;
  return std::string(key.substr(prefix.size()));
}

std::string picks_key(std::string_view service) { return "__coord/picks/" + std::string(service); }

}  // namespace coord::layout
