#include "coord/etcd/client.hpp"

#include "coord/etcd/transport.hpp"
#include "coord/etcd/watch_hub.hpp"

namespace coord::etcd {

Result<std::unique_ptr<Client>> Client::open(Options options) {
  COORD_TRY_INTO(auto transport, Transport::open(options));
  return std::unique_ptr<Client>(new Client(std::move(options), std::move(transport)));
}

Client::Client(Options options, std::unique_ptr<Transport> transport)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      watch_hub_(std::make_unique<WatchHub>(*transport_, options_.name_space)) {}

Client::~Client() = default;

std::optional<Error> Client::trouble() const { return transport_->trouble(); }

std::string Client::endpoints() const {
  std::string all;
  for (const std::string& endpoint : options_.endpoints)
    all += (all.empty() ? "" : ", ") + endpoint;
  return all;
}

}  // namespace coord::etcd
