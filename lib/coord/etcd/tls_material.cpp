#include "coord/etcd/tls_material.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <sstream>

#include "coord/base/os_reason.hpp"

namespace coord::etcd {
namespace {

template <auto Free>
using Freed = decltype([](auto* pointer) { Free(pointer); });
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;

Result<std::string> read_file(const std::string& option, const std::string& path) {
  if (path.empty()) return std::string{};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return fail(Code::config,
                fmt::format("cannot read {} file '{}': {}", option, path, os_reason(errno)));
  }
  return text.str();
}

Bio bio_of(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Else OpenSSL would ask for it on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*own*/) { return 0; }

// The first one; null: there is none.
Certificate certificate_of(const std::string& pem) {
  return Certificate(PEM_read_bio_X509_AUX(bio_of(pem).get(), nullptr, no_password, nullptr));
}

Key key_of(const std::string& pem) {
  return Key(PEM_read_bio_PrivateKey(bio_of(pem).get(), nullptr, no_password, nullptr));
}

Result<> check(const TlsMaterial& material, const TlsOptions& options) {
  if (!options.ca_file.empty() && !certificate_of(material.ca))
    return fail(Code::config,
                fmt::format("--cacert file '{}' holds no certificate in PEM", options.ca_file));
  if (options.cert_file.empty()) return {};
  const Certificate certificate = certificate_of(material.cert);
  if (!certificate)
    return fail(Code::config,
                fmt::format("--cert file '{}' holds no certificate in PEM", options.cert_file));
  const Key key = key_of(material.key);
  if (!key)
    return fail(Code::config,
                fmt::format("--key file '{}' holds no private key in PEM that can be read",
                            options.key_file),
                "it must not be encrypted");
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return fail(Code::config, fmt::format("--key file '{}' is not the key of --cert file '{}'",
                                          options.key_file, options.cert_file));
  return {};
}

}  // namespace

Result<TlsMaterial> read_tls(const TlsOptions& options) {
  if (options.cert_file.empty() != options.key_file.empty()) {
    return fail(Code::config, "a client certificate needs its key, and a key its certificate",
                "give both --cert and --key");
  }
  TlsMaterial material;
  COORD_TRY_INTO(material.ca, read_file("--cacert", options.ca_file));
  COORD_TRY_INTO(material.cert, read_file("--cert", options.cert_file));
  COORD_TRY_INTO(material.key, read_file("--key", options.key_file));
  const auto checked = check(material, options);
  ERR_clear_error();  // this thread's; gRPC would take it for its own
  COORD_TRY(checked);
  return material;
}

}  // namespace coord::etcd
