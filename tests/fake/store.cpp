#include "fake/store.hpp"

#include <algorithm>
#include <iterator>

namespace coord::fake {
namespace {

const std::string kNoEnd(1, '\0');

}  // namespace

bool Span::contains(const std::string& other) const {
  if (range_end.empty()) return other == key;
  return other >= key && (range_end == kNoEnd || other < range_end);
}

std::vector<mvccpb::KeyValue> Store::read(const Span& span, std::int64_t revision) const {
  std::vector<mvccpb::KeyValue> found;
  for (auto it = versions_.lower_bound(span.key); it != versions_.end(); ++it) {
    if (!span.contains(it->first)) break;
    const auto& versions = it->second;
    const auto next = std::ranges::find_if(versions, [revision](const mvccpb::KeyValue& kv) {
      return revision > 0 && kv.mod_revision() > revision;
    });
    if (next == versions.begin() || std::prev(next)->version() == 0) continue;
    found.push_back(*std::prev(next));
  }
  return found;
}

std::optional<mvccpb::KeyValue> Store::get(const std::string& key) const {
  auto found = read({key, ""});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<mvccpb::Event> Store::changes(const Span& span, std::int64_t from) const {
  std::vector<mvccpb::Event> found;
  for (const mvccpb::Event& event : log_) {
    const std::int64_t revision = event.kv().mod_revision();
    if (revision < from || !span.contains(event.kv().key())) continue;
    found.push_back(event);
    if (revision - 1 < compacted_) found.back().clear_prev_kv();
  }
  return found;
}

void Store::compact(std::int64_t revision) {
  compacted_ = revision;
  for (auto& [key, versions] : versions_) {
    const auto next = std::ranges::find_if(
        versions, [revision](const auto& kv) { return kv.mod_revision() > revision; });
    if (next == versions.begin()) continue;
    const bool deleted = std::prev(next)->version() == 0;
    versions.erase(versions.begin(), deleted ? next : std::prev(next));
  }
  std::erase_if(versions_, [](const auto& entry) { return entry.second.empty(); });
  std::erase_if(log_, [revision](const auto& e) { return e.kv().mod_revision() < revision; });
}

Write::~Write() {
  if (changed_) store_.revision_ = revision_;
}

std::optional<mvccpb::KeyValue> Write::put(const std::string& key, const std::string& value,
                                           std::int64_t lease) {
  auto before = store_.get(key);
  mvccpb::KeyValue kv;
  kv.set_key(key);
  kv.set_value(value);
  kv.set_lease(lease);
  kv.set_mod_revision(revision_);
  kv.set_create_revision(before ? before->create_revision() : revision_);
  kv.set_version(before ? before->version() + 1 : 1);
  record(mvccpb::Event::PUT, kv, before);
  return before;
}

std::vector<mvccpb::KeyValue> Write::remove(const Span& span) {
  auto removed = store_.read(span);
  for (const mvccpb::KeyValue& before : removed) {
    mvccpb::KeyValue kv;
    kv.set_key(before.key());
    kv.set_mod_revision(revision_);
    record(mvccpb::Event::DELETE, kv, before);
  }
  return removed;
}

void Write::record(mvccpb::Event::EventType type, const mvccpb::KeyValue& kv,
                   const std::optional<mvccpb::KeyValue>& before) {
  changed_ = true;
  store_.versions_[kv.key()].push_back(kv);
  mvccpb::Event& event = store_.log_.emplace_back();
  event.set_type(type);
  *event.mutable_kv() = kv;
  if (before) *event.mutable_prev_kv() = *before;
}

}  // namespace coord::fake
