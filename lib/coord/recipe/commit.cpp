#include "coord/recipe/commit.hpp"

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

Result<Committed> commit(etcd::Client& client, const Context& ctx, const etcd::Txn& txn) {
  etcd::Kv kv(client);
  auto first = kv.txn(ctx.at_most(kRequestLimit), txn);
  if (first) return Committed{*std::move(first)};
  if (first.error().code != Code::unavailable) return std::unexpected(first.error());
  const bool in_doubt = may_be_done(first.error());
  auto again = patiently(
      ctx, [&](const Context& bounded) { return kv.txn(bounded, txn, etcd::Repeat::safe); });
  if (again) return Committed{*std::move(again), in_doubt};
  if (in_doubt && again.error().hint.empty()) again.error().hint = first.error().hint;
  return std::unexpected(again.error());
}

bool may_be_done(const Error& error) {
  // An endpoint that was not reached gives another hint, or none.
  return error.code == Code::cancelled || error.code == Code::timed_out ||
         error.hint.starts_with("the reply was lost");
}

bool is_too_large(const Error& error) {
  if (error.code != Code::bad_data) return false;
  for (const char* text : {"too large", "too many operations", "larger than max"}) {
    if (error.message.contains(text)) return true;
  }
  return false;
}

}  // namespace coord::recipe
