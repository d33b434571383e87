// Internal. Transport: which endpoint a request goes to, when it may be repeated, and who is
// asking.
//
// One channel an endpoint. A request goes to the endpoint that served the last one; when that is
// not connected, all are dialled, each 200 ms after the one before it or as soon as that has
// failed, and the first to answer wins. Every request but those that may be stale carries
// "hasleader", so that a member without a leader refuses it before it does anything. Thread-safe.
#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "coord/base/context.hpp"
#include "coord/etcd/channel.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

// Whether a request carries a token. `once`: who has logged in before is not asked again; the token
// goes along if there is one.
enum class Login { needed, once, none };

struct CallSpec {
  const char* what = "";  // for messages: "get", "lease grant"
  Repeat repeat = Repeat::never;
  bool needs_leader = true;
  Login login = Login::needed;
};

// One attempt of a request; fills the caller's reply. Called again for each repetition.
using Attempt =
    std::function<grpc::Status(const std::shared_ptr<grpc::Channel>&, grpc::ClientContext&)>;

class Transport {
 public:
  struct Line {
    std::size_t index = 0;
    std::shared_ptr<grpc::Channel> channel;
    std::string endpoint;
  };

  static Result<std::unique_ptr<Transport>> open(const Options& options);

  // Runs ATTEMPT until it is answered, it may not be repeated, or CTX ends. Code::unavailable at a
  // deadline.
  Result<> run(const Context& ctx, const CallSpec& spec, const Attempt& attempt);

  // A connected endpoint. Blocks until there is one, for at most the dial timeout.
  Result<Line> pick(const Context& ctx);
  void demote(std::size_t index);  // start with the endpoint behind this one from now on

  // Puts deadline, leader rule and token on a request that does not go through run(). Blocks for a
  // first token: within CTX, and for a few seconds at the most if it has no deadline.
  Result<> prepare(grpc::ClientContext& call, const Context& ctx, bool needs_leader);
  void drop_token();  // the next request fetches a new one

  // Why nothing is connected right now; nothing while something is, or before the first attempt has
  // failed.
  std::optional<Error> trouble();

 private:
  struct Door {
    Endpoint endpoint;
    std::shared_ptr<grpc::Channel> channel;
  };

  explicit Transport(const Options& options) : options_(options) {}
  Line line(std::size_t index) const;
  Result<Line> dial(const Context& ctx, std::size_t first);  // dial.cpp
  Error why_not(const Context& ctx, std::size_t index) const;
  void set_trouble(std::optional<Error> trouble);
  Result<> add_token(grpc::ClientContext& call, const Context& ctx, Login login);  // token.cpp
  Result<std::string> token_for(const Context& ctx);
  Result<std::string> authenticate(const Context& ctx);
  Result<grpc::Status> try_once(const Context& ctx, const CallSpec& spec, const Line& line,
                                const Attempt& attempt);

  Options options_;
  std::vector<Door> doors_;
  std::mutex mutex_;
  std::size_t preferred_ = 0;
  std::optional<Error> trouble_;
  std::mutex token_mutex_;  // guards the rest; never held while something blocks
  std::condition_variable_any token_changed_;
  bool token_wanted_ = false;         // somebody is asking for one right now
  bool logged_in_ = false;            // has been, at least once
  std::optional<std::string> token_;  // empty text: the server has authentication off
};

}  // namespace coord::etcd
