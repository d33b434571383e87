// take_census(): the part of census.hpp that asks etcd.
#include <span>

#include "coord/base/layout.hpp"
#include "coord/recipe/census.hpp"

namespace coord::recipe {
namespace {

constexpr std::size_t kQuestions = 60;  // in a transaction, two reads each; etcd takes 128
constexpr int kTries = 3;               // when what is read is compacted away

using Questions = std::span<const Count::Question>;

Result<> ask(etcd::Client& client, const Context& ctx, Questions questions, Count& count) {
  etcd::Txn txn;
  for (const Count::Question& each : questions) {
    etcd::RangeRequest value{.key = each.key};
    etcd::RangeRequest holder{.key = layout::holder_key(each.key), .keys_only = true};
    value.revision = holder.revision = count.census().revision;
    txn.then(std::move(value)).then(std::move(holder));
  }
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& kvs = reply.range(2 * i).kvs;
    count.answer(questions[i], kvs.empty() ? std::nullopt : std::optional(kvs.front().value),
                 !reply.range(2 * i + 1).kvs.empty());
  }
  return {};
}

Result<> ask_all(etcd::Client& client, const Context& ctx, Duration limit, Count& count) {
  const auto questions = count.take_questions();
  for (Questions rest(questions); !rest.empty();) {
    const auto part = rest.first(std::min(rest.size(), kQuestions));
    rest = rest.subspan(part.size());
    COORD_TRY(ask(client, ctx.at_most(limit), part, count));
  }
  return {};
}

Result<Census> read(etcd::Client& client, const Context& ctx, Duration limit) {
  auto everything = etcd::RangeRequest::prefix("");
  everything.keys_only = true;
  etcd::RangePages pages(client, everything);
  Count count;
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(ctx.at_most(limit)));
    if (!page) break;
    if (count.census().revision == 0) count.census().revision = page->header.revision;
    for (const etcd::KeyValue& kv : page->kvs) count.show(kv);
    COORD_TRY(ask_all(client, ctx, limit, count));
  }
  count.end();
  COORD_TRY(ask_all(client, ctx, limit, count));
  return count.census();
}

}  // namespace

Result<Census> take_census(etcd::Client& client, const Context& ctx, Duration limit) {
  for (int tries = 1;; ++tries) {
    auto census = read(client, ctx, limit);
    if (census || census.error().code != Code::compacted || tries == kTries) return census;
  }
}

}  // namespace coord::recipe
