#include "cmd/commands/tools/live_names.hpp"

#include <fmt/format.h>

#include <set>

#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/base/layout_service.hpp"
#include "coord/base/layout_topic.hpp"
#include "coord/recipe/key_role.hpp"

namespace coord::commands {
namespace {

using Role = recipe::KeyRole::Kind;

constexpr std::int64_t kPage = 1000;
constexpr int kMostPages = 20;
constexpr std::size_t kMostNames = 200;
constexpr std::size_t kMostDescribed = 64;  // a transaction has room for 128 requests

std::string folder_of(const std::string& key) { return key.substr(0, key.rfind('/')); }

// The name that KV's key tells, if it is one of KIND.
std::optional<std::string> name_of(const etcd::KeyValue& kv, NameKind kind) {
  if (kind == NameKind::service)
    return kv.lease != 0 ? layout::parse_endpoint_key(kv.key) : std::nullopt;
  if (kind == NameKind::topic)
    return layout::is_message_key(kv.key) ? std::optional(folder_of(kv.key)) : std::nullopt;
  const auto role = recipe::key_role(kv);
  const bool fits = kind == NameKind::contender ? role.kind == Role::contender
                    : kind == NameKind::queue
                        ? role.kind == Role::queue_item && !layout::is_message_key(kv.key)
                        : role.kind == Role::double_barrier_waiter;
  return fits ? std::optional(role.name) : std::nullopt;
}

// Where the next page begins. A queue or a topic may have millions of keys that tell no more:
// all that begin with a digit are passed over.
std::string after(const etcd::KeyValue& last, NameKind kind) {
  const bool long_list = kind == NameKind::queue || kind == NameKind::topic;
  const auto name = long_list ? name_of(last, kind) : std::nullopt;
  return name ? *name + "/:" : last.key + '\0';
}

// Who was first among those under each name: at one revision, by one member.
std::vector<std::optional<etcd::KeyValue>> first_of(etcd::Client& client, const Context& ctx,
                                                    const std::vector<std::string>& names) {
  etcd::Txn txn;
  for (const std::string& name : names) {
    auto first = etcd::RangeRequest::first_created(layout::lock_prefix(name));
    first.serializable = true;
    txn.then(first);
  }
  std::vector<std::optional<etcd::KeyValue>> found(names.size());
  const auto reply = etcd::Kv(client).txn(ctx, txn);
  for (std::size_t i = 0; reply && i < names.size(); ++i) {
    if (!reply->range(i).kvs.empty()) found[i] = reply->range(i).kvs.front();
  }
  return found;
}

}  // namespace

std::vector<std::string> live_names(etcd::Client& client, const Context& ctx, NameKind kind,
                                    const std::string& text) {
  etcd::RangeRequest request = etcd::RangeRequest::prefix(text);
  request.limit = kPage;
  request.serializable = true;
  request.keys_only = true;
  std::set<std::string> names;
  for (int pages = 0; pages < kMostPages && names.size() < kMostNames; ++pages) {
    const auto reply = etcd::Kv(client).range(ctx, request);
    if (!reply || reply->kvs.empty()) break;
    for (const etcd::KeyValue& kv : reply->kvs) {
      const auto name = name_of(kv, kind);
      if (name && name->starts_with(text)) names.insert(*name);
    }
    request.key = after(reply->kvs.back(), kind);
    if (!reply->more ||
        (request.range_end != std::string(1, '\0') && request.key >= request.range_end))
      break;
  }
  return {names.begin(), names.end()};
}

std::vector<cli::Candidate> live_contenders(etcd::Client& client, const Context& ctx,
                                            bool elections, const std::string& text) {
  const auto names = live_names(client, ctx, NameKind::contender, text);
  std::vector<cli::Candidate> candidates;
  const bool few = names.size() <= kMostDescribed;
  const auto first = few && !names.empty()
                         ? first_of(client, ctx, names)
                         : std::vector<std::optional<etcd::KeyValue>>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string value = first[i] ? first[i]->value : "";
    const auto info = recipe::HolderInfo::from_json(value);
    if (elections && info) continue;
    candidates.push_back({names[i], ""});
    if (info)
      candidates.back().description = fmt::format("held by {}{}", info->host, for_age(*info));
    if (!info && !value.empty()) candidates.back().description = "led with " + in_quotes(value);
  }
  return candidates;
}

}  // namespace coord::commands
