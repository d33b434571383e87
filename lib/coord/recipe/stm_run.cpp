// stm(): attempts, one after the other.
#include <fmt/format.h>

#include "coord/recipe/backoff.hpp"
#include "coord/recipe/stm_fate.hpp"
#include "coord/recipe/stm_request.hpp"

namespace coord::recipe {
namespace {

constexpr Duration kFateLimit = std::chrono::seconds{10};

std::unexpected<Error> in_doubt(Error error) {
  error.message += ": it is not known whether the transaction was committed";
  error.hint = "look at the keys before you repeat it";
  error.uncertain = true;
  return std::unexpected(std::move(error));
}

}  // namespace

class StmRun {
 public:
  StmRun(etcd::Client& client, const Context& ctx, const StmOptions& options)
      : client_(&client), ctx_(ctx), options_(&options) {}

  Result<Committed> run(const std::function<Result<>(Stm&)>& body) {
    for (int attempts = 1;; ++attempts) {
      COORD_TRY(ctx_.check("transaction"));
      COORD_TRY_INTO(const auto done, attempt(body));
      if (done) return Committed{done->header, attempts};
      if (options_->attempts > 0 && attempts >= options_->attempts) return give_up(attempts);
      // What came with the refusal is fresh: the second attempt begins at once, with that.
      if (attempts == 1) continue;
      seeds_.clear();
      ctx_.sleep(backoff_.next());
    }
  }

 private:
  // Nothing: somebody else was in the way.
  Result<std::optional<etcd::TxnReply>> attempt(const std::function<Result<>(Stm&)>& body) {
    Stm one(*client_, ctx_, *options_, std::exchange(seeds_, {}));
    const Result<> ended = body(one);
    if (one.outdated_) return std::nullopt;
    if (!ended) return std::unexpected(ended.error());
    if (one.failed_) return std::unexpected(*one.failed_);
    COORD_TRY_INTO(auto reply, commit(one));
    if (reply.succeeded) return reply;
    keep_seeds(one, reply);
    return std::nullopt;
  }

  Result<etcd::TxnReply> commit(const Stm& one) {
    const etcd::Txn txn = commit_request(one);
    if (one.writes().empty()) {
      return explain_size(txn, ask(ctx_, *options_, [&](const Context& bounded) {
                            return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                          }));
    }
    bool doubt = false;
    auto reply = ask(ctx_, *options_, [&](const Context& bounded) {
      auto sent = etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::never);
      if (sent) return sent;
      doubt = doubt || sent.error().uncertain;
      // No code that would be patient: it must not be sent again.
      if (doubt && !happens_once(one)) sent.error().code = Code::lost;
      return sent;
    });
    return settle(one, doubt, explain_size(txn, std::move(reply)));
  }

  // DOUBT: one reply was lost before this one.
  Result<etcd::TxnReply> settle(const Stm& one, bool doubt, Result<etcd::TxnReply> reply) {
    if (!doubt || (reply && reply->succeeded)) return reply;
    if (!reply) {
      Error error = std::move(reply).error();
      if (error.code == Code::lost) error.code = ended().value_or(Code::unavailable);
      return in_doubt(std::move(error));
    }
    if (was_not_done(*client_, ctx_.at_most(kFateLimit), one)) return reply;
    return in_doubt({Code::unavailable, "the reply to the commit was lost", {}});
  }

  std::optional<Code> ended() const {
    if (ctx_.stopped()) return Code::cancelled;
    return ctx_.expired() ? std::optional(Code::timed_out) : std::nullopt;
  }

  void keep_seeds(const Stm& one, const etcd::TxnReply& reply) {
    if (reply.replies.size() != one.reads().size()) return;
    std::size_t i = 0;
    for (const auto& [key, seen] : one.reads()) {
      const auto& kvs = reply.range(i++).kvs;
      seeds_.emplace(key, Stm::Seen{kvs.empty() ? std::nullopt : std::optional(kvs.front()),
                                    reply.header.revision});
    }
  }

  static std::unexpected<Error> give_up(int attempts) {
    return fail(Code::compare_failed,
                attempts == 1 ? std::string("somebody else changed what it is about meanwhile")
                              : fmt::format("somebody else was faster each time, {} times in a row",
                                            attempts));
  }

  etcd::Client* client_;
  Context ctx_;
  const StmOptions* options_;
  Stm::Reads seeds_;
  Backoff backoff_;
};

Result<Committed> stm(etcd::Client& client, const Context& ctx, const StmOptions& options,
                      const std::function<Result<>(Stm&)>& body) {
  return StmRun(client, ctx, options).run(body);
}

}  // namespace coord::recipe
