#include "coord/etcd/channel.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace coord::etcd {
namespace {

namespace tls = grpc::experimental;

std::shared_ptr<grpc::ChannelCredentials> unverified(const TlsMaterial& material) {
  tls::TlsChannelCredentialsOptions options;
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<tls::NoOpCertificateVerifier>());
  if (!material.cert.empty()) {
    const tls::IdentityKeyCertPair pair{material.key, material.cert};
    options.set_certificate_provider(std::make_shared<tls::StaticDataCertificateProvider>(
        std::vector<tls::IdentityKeyCertPair>{pair}));
    options.watch_identity_key_cert_pairs();
  }
  return tls::TlsCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> credentials(bool use_tls, const Options& options,
                                                      const TlsMaterial& material) {
  if (!use_tls) return grpc::InsecureChannelCredentials();
  if (options.tls.skip_verify) return unverified(material);
  return grpc::SslCredentials({material.ca, material.key, material.cert});
}

int to_ms(Duration span) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
}

}  // namespace

std::shared_ptr<grpc::Channel> make_channel(const Endpoint& endpoint, const Options& options,
                                            const TlsMaterial& material) {
  grpc::ChannelArguments args;
  args.SetMaxReceiveMessageSize(static_cast<int>(options.max_reply_bytes));
  args.SetMaxSendMessageSize(static_cast<int>(options.max_request_bytes));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, to_ms(options.keepalive_time));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, to_ms(options.keepalive_timeout));
  // A member that restarts must be found again soon: a lock's deadline is a few seconds away.
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, to_ms(options.dial_timeout));
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  args.SetInt(GRPC_ARG_ENABLE_RETRIES,
              0);  // what may be repeated is decided in Transport, for each request
  args.SetServiceConfigJSON("{}");
  args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);  // no TXT look-ups
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // as etcd's Go client: a proxy must be asked for
  if (endpoint.tls && !options.tls.server_name.empty()) {
    args.SetSslTargetNameOverride(options.tls.server_name);
  }
  return grpc::CreateCustomChannel(endpoint.target, credentials(endpoint.tls, options, material),
                                   args);
}

}  // namespace coord::etcd
