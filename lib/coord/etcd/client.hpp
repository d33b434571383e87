// Client: the connection to one etcd cluster. Everything on this floor takes one.
//
// Thread-safe. Opening does not dial; the first call does, and picks an endpoint that answers. A
// call that meets a dead, silent or leaderless member moves on to the next endpoint within its
// context, and later calls start there. A write is repeated only when it is certain that the first
// try was not sent, or when the caller says that repeating cannot do harm. Must outlive every
// Watcher, Session and recipe made with it, and must be made after the last fork().
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "coord/base/result.hpp"
#include "coord/etcd/options.hpp"

namespace coord::etcd {

class Transport;  // internal: channels, fail-over, tokens
class WatchHub;   // internal: the one watch stream

class Client {
 public:
  // Parses the endpoints and reads the TLS files: Code::usage, Code::config. Does not block on the
  // network.
  static Result<std::unique_ptr<Client>> open(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const Options& options() const { return options_; }
  std::string endpoints() const;  // for messages: "a:2379, b:2379"

  // Why nothing is connected right now, for whoever waits in the meantime; nothing while something
  // is.
  std::optional<Error> trouble() const;

  Transport& transport() { return *transport_; }
  WatchHub& watch_hub() { return *watch_hub_; }

 private:
  Client(Options options, std::unique_ptr<Transport> transport);

  Options options_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<WatchHub> watch_hub_;
};

}  // namespace coord::etcd
