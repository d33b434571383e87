// Bolt: reads a database file of bbolt, which is what etcd stores in and what its snapshots are.
//
// The file: pages of one size. Pages 0 and 1 are metas; the one with the higher transaction id
// that has its checksum right holds. It names the root of a B+ tree: branch pages name pages below
// them, leaf pages hold pairs; a pair of the top tree whose flag is set is a bucket, whose value
// begins with the root of its own tree, or is followed by its only page if that is 0. A page may be
// followed by more that belong to it. Numbers are the machine's own, little endian.
//
// Nothing is trusted: a file that is cut off or damaged is Code::bad_data, never a crash or an
// endless walk. Read page by page, so memory does not grow with the file. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "coord/base/result.hpp"

namespace coord::snapshot {

class Bolt {
 public:
  // Code::os when it cannot be read, Code::bad_data when it is no such file.
  static Result<Bolt> open(const std::string& path);
  Bolt(Bolt&& other) noexcept;
  Bolt& operator=(Bolt&&) = delete;
  ~Bolt();

  // Bytes that its pages take; what stands behind them is not the database's.
  std::uint64_t size() const { return pages_ * page_size_; }

  struct Visitor {
    std::function<void(std::string_view name)> bucket;  // followed by all of its pairs
    std::function<void(std::string_view key, std::string_view value)> pair;
  };
  // In the order of the names and the keys. Buckets within buckets are Code::bad_data: etcd has
  // none.
  Result<> walk(const Visitor& visitor) const;

 private:
  using Element =
      std::function<Result<>(std::uint32_t flags, std::string_view key, std::string_view value)>;

  explicit Bolt(int fd) : fd_(fd) {}
  Result<std::string> read(std::uint64_t offset, std::uint64_t size) const;
  bool take_meta(std::uint64_t offset);
  Result<> walk_tree(std::uint64_t page, int depth, const Element& element) const;
  Result<> walk_page(std::string_view page, int depth, const Element& element) const;
  Result<> walk_bucket(std::string_view value, const Visitor& visitor) const;

  int fd_;
  std::uint64_t page_size_ = 0;
  std::uint64_t root_ = 0;
  std::uint64_t pages_ = 0;
  std::uint64_t transaction_ = 0;
  mutable std::uint64_t left_ = 0;  // pages that a walk may still meet
};

}  // namespace coord::snapshot
