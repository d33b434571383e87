#include "coord/etcd/grants.hpp"

#include <algorithm>

#include "coord/base/bytes.hpp"
#include "coord/etcd/convert.hpp"

namespace coord::etcd {
namespace {

constexpr std::size_t kMost = 2;  // of what is read, and of what is written

// One word each, in the order of the request.
struct Wants {
  std::string prefix;
  std::vector<std::string> reads = {};
  std::vector<std::string> writes = {};

  void operator()(const RangeRequest& range) { add(reads, range.key, range.range_end); }
  void operator()(const PutRequest& put) {
    add(writes, put.key, "");
    if (put.prev_kv || put.ignore_value) add(reads, put.key, "");
  }
  void operator()(const DeleteRequest& removal) {
    add(writes, removal.key, removal.range_end);
    if (removal.prev_kv) add(reads, removal.key, removal.range_end);
  }

  void add(std::vector<std::string>& list, std::string key, std::string end) const {
    add_prefix(prefix, key, end);
    std::string text = in_quotes(key);
    if (end == std::string(1, '\0') && key == end) {
      text = "every key";
    } else if (!end.empty()) {
      text = end == prefix_end(key) ? "keys with prefix " + text
                                    : "keys from " + text + " to " + in_quotes(end);
    }
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
  }
};

std::string list_of(const char* verb, const std::vector<std::string>& list) {
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), kMost); ++i)
    text += (i == 0 ? std::string(verb) + " " : ", ") + list[i];
  return list.size() > kMost ? text + " …" : text;
}

Error named(Error error, const Wants& wants) {
  if (!is_permission_denied(error)) return error;
  const std::string reads = list_of("read", wants.reads);
  const std::string writes = list_of("write", wants.writes);
  const std::string both = reads.empty() || writes.empty() ? "" : " and ";
  error.hint = "ask an administrator for a role that may " + reads + both + writes;
  return error;
}

}  // namespace

bool is_refused_login(const Error& error) {
  return error.code == Code::denied && error.message.contains("authentication failed");
}

bool is_permission_denied(const Error& error) {
  return error.code == Code::denied && error.message.contains("permission denied");
}

Error naming_keys(Error error, const std::string& prefix, const Op& request) {
  Wants wants{prefix};
  std::visit(wants, request);
  return named(std::move(error), wants);
}

Error naming_keys(Error error, const std::string& prefix, const Txn& request) {
  Wants wants{prefix};
  for (const Op& op : request.success) std::visit(wants, op);
  for (const Op& op : request.failure) std::visit(wants, op);
  for (const Compare& one : request.compares) wants.add(wants.reads, one.key, one.range_end);
  return named(std::move(error), wants);
}

Error naming_keys(Error error, const std::string& prefix, const WatchRequest& request) {
  Wants wants{prefix};
  wants.add(wants.reads, request.key, request.range_end);
  return named(std::move(error), wants);
}

}  // namespace coord::etcd
