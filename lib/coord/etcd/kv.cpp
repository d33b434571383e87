#include "coord/etcd/kv.hpp"

#include <algorithm>

#include "coord/base/bytes.hpp"
#include "coord/etcd/call.hpp"
#include "coord/etcd/convert.hpp"
#include "coord/etcd/grants.hpp"
#include "etcdserverpb/kv.grpc.pb.h"

namespace coord::etcd {

using Stub = etcdserverpb::KV::Stub;

namespace {

// The server refuses an empty key; under a prefix it would no longer look empty to it.
template <typename Request>
Result<> check_key(const Request& request) {
  if (!request.key.empty()) return {};
  return fail(Code::bad_data, "etcdserver: key is not provided", "a key has at least one byte");
}

Result<> check_keys(const std::vector<Op>& ops) {
  for (const Op& op : ops) {
    COORD_TRY(std::visit([](const auto& request) { return check_key(request); }, op));
  }
  return {};
}

template <typename Message, typename Answer, typename Request>
auto ask(Client& client, const Context& ctx, const CallSpec& spec,
         grpc::Status (Stub::*method)(grpc::ClientContext*, const Message&, Answer*),
         const Request& request)
    -> Result<decltype(from_proto(std::string(), std::declval<const Answer&>()))> {
  const std::string& prefix = client.options().name_space;
  auto reply = call(client.transport(), ctx, spec, method, to_proto(prefix, request));
  if (!reply) return std::unexpected(naming_keys(std::move(reply).error(), prefix, request));
  return from_proto(prefix, *reply);
}

}  // namespace

RangeRequest RangeRequest::prefix(std::string prefix) {
  RangeRequest request;
  request.range_end = prefix_end(prefix);
  request.key = prefix.empty() ? std::string(1, '\0') : std::move(prefix);
  return request;
}

RangeRequest RangeRequest::first_created(std::string prefix) {
  RangeRequest request = RangeRequest::prefix(std::move(prefix));
  request.limit = 1;
  request.order = SortOrder::ascend;
  request.target = SortTarget::create;
  return request;
}

RangeRequest RangeRequest::last_created_before(std::string prefix, std::int64_t revision) {
  RangeRequest request = first_created(std::move(prefix));
  request.order = SortOrder::descend;
  request.max_create_revision = revision - 1;
  return request;
}

Compare Compare::create(std::string key, CompareResult result, std::int64_t revision) {
  return {std::move(key), CompareTarget::create, result, revision, {}, {}};
}

Compare Compare::mod(std::string key, CompareResult result, std::int64_t revision) {
  return {std::move(key), CompareTarget::mod, result, revision, {}, {}};
}

Txn& Txn::when(Compare compare) {
  compares.push_back(std::move(compare));
  return *this;
}

Txn& Txn::then(Op op) {
  success.push_back(std::move(op));
  return *this;
}

Txn& Txn::otherwise(Op op) {
  failure.push_back(std::move(op));
  return *this;
}

Result<RangeReply> Kv::range(const Context& ctx, const RangeRequest& request) {
  COORD_TRY(check_key(request));
  const CallSpec spec{.what = "get", .repeat = Repeat::safe, .needs_leader = !request.serializable};
  return ask(*client_, ctx, spec, &Stub::Range, request);
}

Result<PutReply> Kv::put(const Context& ctx, const PutRequest& request, Repeat repeat) {
  COORD_TRY(check_key(request));
  const CallSpec spec{.what = "put", .repeat = repeat};
  return ask(*client_, ctx, spec, &Stub::Put, request);
}

Result<DeleteReply> Kv::remove(const Context& ctx, const DeleteRequest& request, Repeat repeat) {
  COORD_TRY(check_key(request));
  const CallSpec spec{.what = "del", .repeat = repeat};
  return ask(*client_, ctx, spec, &Stub::DeleteRange, request);
}

Result<TxnReply> Kv::txn(const Context& ctx, const Txn& txn, Repeat repeat) {
  COORD_TRY(check_keys(txn.success));
  COORD_TRY(check_keys(txn.failure));
  const CallSpec spec{.what = "txn", .repeat = repeat};
  return ask(*client_, ctx, spec, &Stub::Txn, txn);
}

Result<Header> Kv::compact(const Context& ctx, std::int64_t revision, bool physical) {
  etcdserverpb::CompactionRequest request;
  request.set_revision(revision);
  request.set_physical(physical);
  const CallSpec spec{.what = "compaction"};
  COORD_TRY_INTO(const auto reply, call(client_->transport(), ctx, spec, &Stub::Compact, request));
  return from_proto(reply.header());
}

RangePages::RangePages(Client& client, RangeRequest request, std::int64_t page_size)
    : kv_(client),
      request_(std::move(request)),
      fixed_(page_size > 0),
      page_size_(fixed_ ? page_size : 1000),
      limited_(request_.limit > 0),
      left_(request_.limit) {}

Result<std::optional<RangeReply>> RangePages::next(const Context& ctx) {
  if (done_) return std::nullopt;
  request_.limit = limited_ ? std::min(left_, page_size_) : page_size_;
  COORD_TRY_INTO(RangeReply page, kv_.range(ctx, request_));
  if (request_.revision == 0) request_.revision = page.header.revision;
  if (total_ == 0) total_ = page.count;
  page.count = total_;
  left_ -= static_cast<std::int64_t>(page.kvs.size());
  done_ = !page.more || page.kvs.empty() || (limited_ && left_ <= 0);
  if (!done_) {
    request_.key = page.kvs.back().key + '\0';
    if (!fixed_) size_next(page);
  }
  return page;
}

void RangePages::size_next(const RangeReply& page) {
  constexpr std::int64_t kTarget = 16 << 20;
  constexpr std::int64_t kOverhead = 128;  // of a pair in memory
  std::int64_t bytes = 0;
  for (const KeyValue& kv : page.kvs)
    bytes += std::ssize(kv.key) + std::ssize(kv.value) + kOverhead;
  const auto keys = static_cast<std::int64_t>(page.kvs.size());
  page_size_ = std::clamp<std::int64_t>(keys * kTarget / bytes, 100, 100000);
}

}  // namespace coord::etcd
