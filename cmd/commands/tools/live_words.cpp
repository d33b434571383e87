#include "cmd/commands/tools/live_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/commands/tools/live_names.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/auth.hpp"
#include "coord/etcd/cluster.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::commands {
namespace {

using cli::Candidate;
using Candidates = std::vector<Candidate>;

struct Question {
  etcd::Client& client;
  const Context& ctx;
  std::string_view command;
  const std::string& text;
};

constexpr std::size_t kMost = 200;
constexpr std::int64_t kPage = 256;
constexpr std::size_t kMostTold = 16;  // leases, each of which is asked for

// What coord keeps for itself (__coord/, __QUEUE/), of other namespaces too.
bool is_internal(const std::string& word, std::size_t from) {
  for (auto at = word.find("__", from); at != std::string::npos; at = word.find("__", at + 1)) {
    if (at == 0 || word[at - 1] == '/') return true;
  }
  return !layout::own_part(std::string_view(word).substr(std::min(from, word.size()))).empty();
}

// Without what is of no interest to one who has not typed its beginning.
Candidates known_of(const Question& asked, Candidates found) {
  std::erase_if(found,
                [&](const Candidate& one) { return is_internal(one.word, asked.text.size()); });
  return found;
}

// Keys up to the next '/': so many folders, however full they are, cost as many requests.
Candidates keys(const Question& asked) {
  Candidates found;
  etcd::RangeRequest request = etcd::RangeRequest::prefix(asked.text);
  const std::string all = std::string(1, '\0');
  request.limit = kPage;
  request.serializable = true;
  request.keys_only = true;
  while (found.size() < kMost) {
    const auto reply = etcd::Kv(asked.client).range(asked.ctx, request);
    if (!reply || reply->kvs.empty()) break;
    std::string next;
    for (const etcd::KeyValue& kv : reply->kvs) {
      const auto slash = kv.key.find('/', asked.text.size());
      const std::string word = kv.key.substr(0, slash == std::string::npos ? slash : slash + 1);
      next = slash == std::string::npos ? kv.key + '\0' : prefix_end(word);
      if (found.empty() || found.back().word != word) found.push_back({word, ""});
    }
    if (!reply->more || next == all || (request.range_end != all && next >= request.range_end))
      break;
    request.key = next;
  }
  return known_of(asked, std::move(found));
}

Candidates plain(const std::vector<std::string>& names) {
  Candidates found;
  for (const std::string& name : names) found.push_back({name, ""});
  return found;
}

Candidates names(const Question& asked, NameKind kind) {
  return known_of(asked, plain(live_names(asked.client, asked.ctx, kind, asked.text)));
}

Candidates locks(const Question& asked) {
  return known_of(asked, live_contenders(asked.client, asked.ctx, false, asked.text));
}

Candidates elections(const Question& asked) {
  return known_of(asked, live_contenders(asked.client, asked.ctx, true, asked.text));
}

Candidates queues(const Question& asked) { return names(asked, NameKind::queue); }
Candidates services(const Question& asked) { return names(asked, NameKind::service); }
Candidates topics(const Question& asked) { return names(asked, NameKind::topic); }

// A barrier is a bare key, like any other.
Candidates barriers(const Question& asked) {
  return asked.command.starts_with("dbarrier") ? names(asked, NameKind::double_barrier)
                                               : keys(asked);
}

Candidates leases(const Question& asked) {
  Candidates found;
  etcd::Lease lease(asked.client);
  const auto list = lease.list(asked.ctx);
  if (!list) return found;
  for (const std::int64_t id : list->leases) {
    const std::string word = fmt::format("{:016x}", static_cast<std::uint64_t>(id));
    if (!word.starts_with(asked.text) || found.size() == kMost) continue;
    found.push_back({word, ""});
    if (found.size() > kMostTold) continue;
    const auto left = lease.time_to_live(asked.ctx, id, true);
    if (!left || left->ttl.count() < 0) continue;
    found.back().description = fmt::format("{}s left, {} key{}", left->ttl.count(),
                                           left->keys.size(), left->keys.size() == 1 ? "" : "s");
  }
  return found;
}

Candidates members(const Question& asked) {
  Candidates found;
  const auto list = etcd::Cluster(asked.client).list(asked.ctx, etcd::Consistency::serializable);
  if (!list) return found;
  for (const etcd::Member& member : list->members)
    found.push_back({fmt::format("{:x}", member.id), member.name});
  return found;
}

Candidates users(const Question& asked) {
  const auto list = etcd::Auth(asked.client).users(asked.ctx);
  return list ? plain(list->names) : Candidates();
}

Candidates roles(const Question& asked) {
  const auto list = etcd::Auth(asked.client).roles(asked.ctx);
  return list ? plain(list->names) : Candidates();
}

struct Source {
  std::string_view kind;
  Candidates (*ask)(const Question& asked);
};

constexpr auto kSources = std::to_array<Source>({
    {"BARRIER", barriers},
    {"ELECTION", elections},
    {"KEY", keys},
    {"COND", keys},
    {"LEASE", leases},
    {"LOCK", locks},
    {"MEMBER", members},
    {"PREFIX", keys},
    {"QUEUE", queues},
    {"RANGE_END", keys},
    {"ROLE", roles},
    {"SERVICE", services},
    {"TOPIC", topics},
    {"USER", users},
});

bool is_line(const std::string& word) {
  return !word.empty() && is_utf8(word) && printable(word) == word;
}

}  // namespace

bool is_live(std::string_view kind) {
  return std::ranges::find(kSources, kind, &Source::kind) != kSources.end();
}

std::vector<cli::Candidate> live_words(etcd::Client& client, const Context& ctx,
                                       std::string_view kind, std::string_view command,
                                       const std::string& text) {
  const auto* const source = std::ranges::find(kSources, kind, &Source::kind);
  if (source == kSources.end()) return {};
  Candidates found = source->ask({client, ctx, command, text});
  std::erase_if(found, [&](const Candidate& one) {
    return !one.word.starts_with(text) || !is_line(one.word);
  });
  for (Candidate& one : found) one.description = printable(one.description);
  return found;
}

}  // namespace coord::commands
