// What is in a snapshot, as `snapshot status` tells it.
#pragma once

#include <cstdint>
#include <string>

#include "coord/base/result.hpp"

namespace coord::snapshot {

struct Summary {
  std::uint32_t hash = 0;     // CRC32C of the names of all buckets, each followed by its pairs
  std::int64_t revision = 0;  // of the newest change
  std::int64_t keys = 0;      // pairs in all buckets: each version of a key is one
  std::int64_t size = 0;      // bytes of the database
};

// Reads the whole file. Code::os; Code::bad_data when it is no database, damaged, or when the
// SHA-256 behind it (which copies made by hand lack) is not that of what stands before it.
Result<Summary> summarize(const std::string& path);

}  // namespace coord::snapshot
