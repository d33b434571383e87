#include "coord/recipe/commit.hpp"

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;

namespace {

// A try that is answered later than this is not waited for: another endpoint may be quicker.
constexpr Duration kTryLimit = 2s;

// Did the request leave us?
bool may_be_done(const Error& error) {
  return error.uncertain || error.code == Code::cancelled || error.code == Code::timed_out;
}

}  // namespace

Result<CommitOutcome> commit(etcd::Client& client, const Context& ctx, const etcd::Txn& txn,
                             bool* in_doubt) {
  bool doubt = false;
  auto reply = patiently(ctx, [&](const Context& bounded) {
    auto tried = etcd::Kv(client).txn(bounded.at_most(kTryLimit), txn);
    if (!tried && may_be_done(tried.error())) doubt = true;
    return tried;
  });
  if (in_doubt != nullptr) *in_doubt = doubt;
  if (!reply) return std::unexpected(std::move(reply).error());
  return CommitOutcome{*std::move(reply), doubt};
}

bool is_too_large(const Error& error) {
  if (error.code != Code::bad_data) return false;
  for (const char* text : {"too large", "too many operations", "larger than max"}) {
    if (error.message.contains(text)) return true;
  }
  return false;
}

}  // namespace coord::recipe
