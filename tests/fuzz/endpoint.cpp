// Any text is an endpoint with a target for gRPC, or refused.
#include "coord/etcd/options.hpp"
#include "fuzz.hpp"

using namespace coord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  const auto plain = etcd::parse_endpoint(text, {});
  must(!plain || !plain->target.empty());
  const auto secure = etcd::parse_endpoint(text, {.required = true});
  must(!secure || secure->tls || text.starts_with("unix:"));
  return 0;
}
