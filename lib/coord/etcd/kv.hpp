// KV: range, put, delete, transactions. Each call is one round trip and blocks within its context.
//
// Errors: Code::unavailable (no endpoint answered, or the reply to a write was lost: then it may
// have been done), denied, compacted, bad_data (etcd's "future revision", "key is not provided",
// …), not_found, cancelled.
#pragma once

#include <variant>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

enum class SortOrder { none, ascend, descend };
enum class SortTarget { key, version, create, mod, value };

struct RangeRequest {
  std::string key;
  std::string range_end;  // empty: that key alone; "\0": to the end
  std::int64_t limit = 0;
  std::int64_t revision = 0;  // 0: now
  SortOrder order = SortOrder::none;
  SortTarget target = SortTarget::key;
  bool serializable = false;  // any member may answer, with what it has
  bool keys_only = false;
  bool count_only = false;
  std::int64_t min_mod_revision = 0;
  std::int64_t max_mod_revision = 0;
  std::int64_t min_create_revision = 0;
  std::int64_t max_create_revision = 0;

  static RangeRequest prefix(std::string prefix);         // every key that begins with it
  static RangeRequest first_created(std::string prefix);  // of those, the one created first
  static RangeRequest last_created_before(std::string prefix,
                                          std::int64_t revision);  // created before REVISION
};

struct RangeReply {
  Header header;
  std::vector<KeyValue> kvs;
  bool more = false;
  std::int64_t count = 0;  // of all that match, whatever the limit
};

struct PutRequest {
  std::string key;
  std::string value;
  std::int64_t lease = 0;
  bool prev_kv = false;
  bool ignore_value = false;
  bool ignore_lease = false;
};

struct PutReply {
  Header header;
  std::optional<KeyValue> prev_kv;
};

struct DeleteRequest {
  std::string key;
  std::string range_end;
  bool prev_kv = false;
};

struct DeleteReply {
  Header header;
  std::int64_t deleted = 0;
  std::vector<KeyValue> prev_kvs;
};

using Op = std::variant<RangeRequest, PutRequest, DeleteRequest>;
using OpReply = std::variant<RangeReply, PutReply, DeleteReply>;

enum class CompareResult { equal, greater, less, not_equal };
enum class CompareTarget { version, create, mod, value, lease };

struct Compare {
  std::string key;
  CompareTarget target = CompareTarget::version;
  CompareResult result = CompareResult::equal;
  std::int64_t number = 0;  // for every target but value
  std::string value;
  std::string
      range_end;  // not empty: every key of the range must satisfy it; no key counts as zeroes

  static Compare create(std::string key, CompareResult result, std::int64_t revision);
  static Compare mod(std::string key, CompareResult result, std::int64_t revision);
};

// A transaction: if every compare holds, do THEN, else do OTHERWISE, at one revision.
struct Txn {
  std::vector<Compare> compares;
  std::vector<Op> success;
  std::vector<Op> failure;

  Txn& when(Compare compare);
  Txn& then(Op op);
  Txn& otherwise(Op op);
};

struct TxnReply {
  Header header;
  bool succeeded = false;
  std::vector<OpReply> replies;  // in the order of the branch that was taken

  const RangeReply& range(std::size_t i) const { return std::get<RangeReply>(replies.at(i)); }
};

class Kv {
 public:
  explicit Kv(Client& client) : client_(&client) {}

  Result<RangeReply> range(const Context& ctx, const RangeRequest& request);
  Result<PutReply> put(const Context& ctx, const PutRequest& request,
                       Repeat repeat = Repeat::never);
  Result<DeleteReply> remove(const Context& ctx, const DeleteRequest& request,
                             Repeat repeat = Repeat::never);
  Result<TxnReply> txn(const Context& ctx, const Txn& txn, Repeat repeat = Repeat::never);
  Result<Header> compact(const Context& ctx, std::int64_t revision, bool physical);

 private:
  Client* client_;
};

// A large range in pages, all at the revision of the first, so that memory does not grow with the
// number of keys and what comes out is one state of the store. Key order only. Code::compacted when
// that revision is compacted away between two pages.
//
// The first page has 1000 keys, the next ones as many as make about 16 MiB: the server counts all
// the rest for each page, so small pages are slow, and large values must not fill the memory.
class RangePages {
 public:
  // PAGE_SIZE is for tests: so many keys, always.
  RangePages(Client& client, RangeRequest request, std::int64_t page_size = 0);

  // The next page; its count is that of the whole range. Nothing after the last one.
  Result<std::optional<RangeReply>> next(const Context& ctx);

 private:
  void size_next(const RangeReply& page);

  Kv kv_;
  RangeRequest request_;
  bool fixed_;
  std::int64_t page_size_;
  bool limited_;
  std::int64_t left_;       // of the caller's limit
  std::int64_t total_ = 0;  // count of the first page
  bool done_ = false;
};

}  // namespace coord::etcd
