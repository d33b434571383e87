#include "coord/snapshot/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "coord/snapshot/bolt.hpp"
#include "coord/snapshot/checksum.hpp"

namespace coord::snapshot {
namespace {

// Databases are whole pages, so a rest of 32 bytes is the hash.
bool has_hash(std::uint64_t size) { return size % 512 == Sha256::kSize; }

Result<> check_hash(const std::string& path) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error || !has_hash(size)) return {};
  std::ifstream file(path, std::ios::binary);
  Sha256 sha;
  std::array<char, 1U << 16U> buffer{};
  for (std::uint64_t left = size - Sha256::kSize; left > 0 && file;) {
    const std::uint64_t want = std::min<std::uint64_t>(left, buffer.size());
    file.read(buffer.data(), static_cast<std::streamsize>(want));
    sha.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
    left -= want;
  }
  std::string hash(Sha256::kSize, '\0');
  file.read(hash.data(), static_cast<std::streamsize>(hash.size()));
  if (!file) return fail(Code::os, fmt::format("cannot read '{}'", path));
  if (hash == sha.finish()) return {};
  return fail(Code::bad_data, fmt::format("'{}' is damaged: its SHA-256 does not match", path));
}

// A key of the bucket "key" begins with the revision, high byte first.
std::int64_t revision_of(std::string_view key) {
  std::uint64_t revision = 0;
  for (const char c : key.substr(0, 8)) revision = revision << 8U | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(revision);
}

}  // namespace

Result<Summary> summarize(const std::string& path) {
  COORD_TRY_INTO(const Bolt bolt, Bolt::open(path));
  COORD_TRY(check_hash(path));
  Summary summary{.size = static_cast<std::int64_t>(bolt.size())};
  Crc32c crc;
  bool versions = false;
  const Bolt::Visitor visitor{.bucket =
                                  [&](std::string_view name) {
                                    crc.add(name);
                                    versions = name == "key";
                                  },
                              .pair =
                                  [&](std::string_view key, std::string_view value) {
                                    crc.add(key);
                                    crc.add(value);
                                    if (versions) summary.revision = revision_of(key);
                                    ++summary.keys;
                                  }};
  if (auto walked = bolt.walk(visitor); !walked)
    return std::unexpected(in_context("'" + path + "'", walked.error()));
  summary.hash = crc.value();
  return summary;
}

}  // namespace coord::snapshot
