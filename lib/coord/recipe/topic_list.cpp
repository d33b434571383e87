// The lists of topic.hpp: what is there already, in pages, each message once and in order.
#include <algorithm>
#include <iterator>
#include <tuple>

#include "coord/recipe/patience.hpp"
#include "coord/recipe/topic.hpp"

namespace coord::recipe {

namespace {

constexpr std::int64_t kMostOfPage = 100'000;
constexpr std::size_t kBytesOfPage = 4UL << 20U;

std::size_t bytes_of(const etcd::RangeReply& page) {
  std::size_t bytes = 1;
  for (const etcd::KeyValue& kv : page.kvs) bytes += kv.key.size() + kv.value.size();
  return bytes;
}

}  // namespace

void Subscriber::list_at(std::int64_t revision) {
  if (watch_ != 0) watcher_.remove(std::exchange(watch_, 0));
  listed_ = revision;
  lists_ = true;
}

etcd::RangeRequest Subscriber::newer() const {
  auto request = etcd::RangeRequest::prefix(prefix_);
  request.order = etcd::SortOrder::ascend;
  request.target = etcd::SortTarget::mod;
  request.min_mod_revision = done_.next_revision();
  return request;
}

Result<> Subscriber::list(const Context& ctx) {
  auto request = newer();
  request.revision = listed_;
  request.limit = page_size_;
  auto page = patiently(
      ctx, [&](const Context& bounded) { return etcd::Kv(*client_).range(bounded, request); });
  if (!page && page.error().code == Code::compacted) return list_anew(ctx);
  if (!page) return std::unexpected(std::move(page).error());
  size_next(*page);
  if (page->more && !page->kvs.empty()) {
    take_part(std::move(page->kvs));
    return {};
  }
  take(std::move(page->kvs));
  done_ = {.revision = std::max(listed_, done_.revision)};
  pending_.push_back({.kind = Delivery::Kind::caught_up, .position = done_});
  lists_ = false;
  return {};
}

// The list was compacted. The watch learns how far; but who has been told nothing has missed
// nothing.
Result<> Subscriber::list_anew(const Context& ctx) {
  lists_ = false;
  if (done_.revision > 0 || from_.kind != From::Kind::beginning) return {};
  COORD_TRY_INTO(const std::int64_t now,
                 patiently(ctx, [&](const Context& bounded) { return look(bounded); }));
  list_at(now);
  return {};
}

// The rest of the last revision may be missing, and those of one revision are in no order.
void Subscriber::take_part(std::vector<etcd::KeyValue> page) {
  const std::int64_t last = page.back().mod_revision;
  if (page.front().mod_revision == last) {
    page_size_ = std::max(page_size_, std::ssize(page)) * 2;
    return;
  }
  std::erase_if(page, [&](const etcd::KeyValue& kv) { return kv.mod_revision == last; });
  take(std::move(page));
}

void Subscriber::size_next(const etcd::RangeReply& page) {
  if (fixed_ || page.kvs.empty()) return;
  const std::size_t fitting = kBytesOfPage * page.kvs.size() / bytes_of(page);
  page_size_ = std::clamp(static_cast<std::int64_t>(fitting), kFirstPage, kMostOfPage);
}

// Whole revisions, and each behind the one before.
void Subscriber::take(std::vector<etcd::KeyValue> messages) {
  const auto order = [](const etcd::KeyValue& kv) { return std::tie(kv.mod_revision, kv.key); };
  std::ranges::sort(messages, {}, order);
  for (auto each = messages.begin(); each != messages.end(); ++each) {
    if (done_.covers(*each)) continue;
    const auto after = std::next(each);
    const bool ends = after == messages.end() || after->mod_revision != each->mod_revision;
    const Position position{.revision = each->mod_revision, .key = ends ? "" : each->key};
    pending_.push_back({.message = std::move(*each), .position = position});
  }
  if (!messages.empty())
    done_ = {.revision = std::max(done_.revision, messages.back().mod_revision)};
}

}  // namespace coord::recipe
