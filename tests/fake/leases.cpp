#include "fake/leases.hpp"

#include <algorithm>

namespace coord::fake {

using std::chrono::steady_clock;

std::optional<std::int64_t> Leases::grant(std::int64_t id, std::chrono::seconds ttl) {
  if (id == 0) id = ++last_id_;
  const std::chrono::seconds granted = std::max(ttl, minimum);
  const bool added = leases_.emplace(id, Entry{granted, steady_clock::now() + granted}).second;
  if (!added) return std::nullopt;
  return id;
}

bool Leases::renew(std::int64_t id) {
  const auto it = leases_.find(id);
  if (it == leases_.end()) return false;
  it->second.end = steady_clock::now() + it->second.granted;
  return true;
}

bool Leases::end(std::int64_t id) {
  if (leases_.erase(id) == 0) return false;
  Write write(store_);
  for (const std::string& key : keys(id)) write.remove({key, ""});
  return true;
}

void Leases::end_those_due(SteadyTime now) {
  for (const std::int64_t id : ids()) {
    if (leases_.at(id).end <= now) end(id);
  }
}

std::chrono::seconds Leases::left(std::int64_t id) const {
  return std::chrono::floor<std::chrono::seconds>(leases_.at(id).end - steady_clock::now());
}

std::vector<std::string> Leases::keys(std::int64_t id) const {
  std::vector<std::string> found;
  const Span everything{std::string(1, '\0'), std::string(1, '\0')};
  for (const mvccpb::KeyValue& kv : store_.read(everything)) {
    if (kv.lease() == id) found.push_back(kv.key());
  }
  return found;
}

std::vector<std::int64_t> Leases::ids() const {
  std::vector<std::int64_t> found;
  found.reserve(leases_.size());
  for (const auto& [id, entry] : leases_) found.push_back(id);
  return found;
}

std::optional<SteadyTime> Leases::next_end() const {
  std::optional<SteadyTime> next;
  for (const auto& [id, entry] : leases_) next = std::min(next.value_or(entry.end), entry.end);
  return next;
}

}  // namespace coord::fake
