// Batches: cuts items into as many as etcd takes in one transaction: for those who put many.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "coord/base/result.hpp"

namespace coord::recipe {

// What has been put, and when.
struct Written {
  std::string key;
  std::int64_t revision = 0;
};

class Batches {
 public:
  using Items = std::span<const std::string>;

  // An item takes so many BYTES_BESIDES its own, for its key.
  explicit Batches(std::size_t bytes_besides) : bytes_besides_(bytes_besides) {}

  // Calls PUT for the first of ITEMS, then the next, until all are put or it fails. A batch that
  // the server calls too large is tried again in smaller ones, as are later ones.
  Result<> put(Items items, const std::function<Result<>(Items)>& put);

 private:
  std::size_t fitting(Items items) const;

  static constexpr std::size_t kMostItems = 125;  // of etcd's 128 operations, less a few for others
  std::size_t bytes_besides_;
  std::size_t most_items_ = kMostItems;
};

}  // namespace coord::recipe
