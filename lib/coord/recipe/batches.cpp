#include "coord/recipe/batches.hpp"

#include <algorithm>

#include "coord/recipe/commit.hpp"

namespace coord::recipe {
namespace {

constexpr std::size_t kMostBytes = 1'000'000;  // of a request etcd takes 1.5 MiB

}  // namespace

Result<> Batches::put(Items items, const std::function<Result<>(Items)>& put) {
  while (!items.empty()) {
    const std::size_t count = fitting(items);
    auto done = put(items.first(count));
    if (done) {
      items = items.subspan(count);
    } else if (is_too_large(done.error()) && count > 1) {
      most_items_ = count / 2;
    } else {
      return done;
    }
  }
  return {};
}

std::size_t Batches::fitting(Items items) const {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (; count < items.size() && count < most_items_; ++count) {
    bytes += items[count].size() + bytes_besides_;
    if (bytes > kMostBytes) break;
  }
  return std::max<std::size_t>(count, 1);
}

}  // namespace coord::recipe
