// The two checksums of snapshots: SHA-256, which stands behind the database and proves that it came
// whole, and CRC32C, by which etcdctl tells one snapshot from another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace coord::snapshot {

class Sha256 {
 public:
  static constexpr std::size_t kSize = 32;

  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view data);
  std::string finish();  // 32 bytes; once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Crc32c {
 public:
  void add(std::string_view data);
  std::uint32_t value() const { return ~state_; }

 private:
  std::uint32_t state_ = ~std::uint32_t{0};
};

}  // namespace coord::snapshot
