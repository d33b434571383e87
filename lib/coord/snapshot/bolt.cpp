#include "coord/snapshot/bolt.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "coord/base/os_reason.hpp"

namespace coord::snapshot {
namespace {

constexpr std::uint64_t kHeader = 16;   // of a page: id 8, flags 2, count 2, overflow 4
constexpr std::uint64_t kElement = 16;  // of either kind
constexpr std::uint64_t kMeta = 64;
constexpr std::uint64_t kLargestPage = 1U << 16U;
constexpr int kDeepest = 64;
enum : std::uint16_t { kBranch = 1, kLeaf = 2, kMetaPage = 4 };

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::bad_data, fmt::format("the database is damaged: {}", what));
}

template <typename Number>
Number number_at(std::string_view bytes, std::uint64_t offset) {
  Number number{};
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

bool fits(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return offset <= bytes.size() && size <= bytes.size() - offset;
}

}  // namespace

Result<Bolt> Bolt::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(Code::os, fmt::format("cannot open '{}': {}", path, os_reason(errno)));
  Bolt bolt(fd);
  bool found = bolt.take_meta(0);
  // Without the first meta the size of a page is unknown, and so where the second begins.
  for (std::uint64_t size = 1024; !found && size <= kLargestPage; size *= 2)
    found = bolt.take_meta(size);
  if (!found) return fail(Code::bad_data, fmt::format("'{}' is no database of etcd", path));
  bolt.take_meta(bolt.page_size_);
  const auto end = ::lseek(fd, 0, SEEK_END);
  if (end < 0 || static_cast<std::uint64_t>(end) / bolt.page_size_ < bolt.pages_)
    return damaged("it is cut off");
  return bolt;
}

Bolt::Bolt(Bolt&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      page_size_(other.page_size_),
      root_(other.root_),
      pages_(other.pages_),
      transaction_(other.transaction_) {}

Bolt::~Bolt() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string> Bolt::read(std::uint64_t offset, std::uint64_t size) const {
  std::string bytes(size, '\0');
  std::uint64_t got = 0;
  while (got < size) {
    const ssize_t n =
        ::pread(fd_, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::os, fmt::format("cannot read: {}", os_reason(errno)));
    if (n == 0) return damaged("it is cut off");
    got += static_cast<std::uint64_t>(n);
  }
  return bytes;
}

// Takes the meta at OFFSET if it is one, and newer than what is known.
bool Bolt::take_meta(std::uint64_t offset) {
  constexpr std::uint32_t kMagic = 0xed0cdaed;
  const auto page = read(offset, kHeader + kMeta);
  if (!page || (number_at<std::uint16_t>(*page, 8) & kMetaPage) == 0) return false;
  const std::string_view meta = std::string_view(*page).substr(kHeader);
  const auto size = number_at<std::uint32_t>(meta, 8);
  const auto transaction = number_at<std::uint64_t>(meta, 48);
  const bool good = number_at<std::uint32_t>(meta, 0) == kMagic &&
                    number_at<std::uint32_t>(meta, 4) == 2 && size >= 512 && size <= kLargestPage &&
                    number_at<std::uint64_t>(meta, 56) == fnv1a(meta.substr(0, 56));
  if (!good || (page_size_ != 0 && transaction <= transaction_)) return false;
  page_size_ = size;
  transaction_ = transaction;
  root_ = number_at<std::uint64_t>(meta, 16);
  pages_ = number_at<std::uint64_t>(meta, 40);
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, which is bounded
Result<> Bolt::walk_tree(std::uint64_t page, int depth, const Element& element) const {
  if (page < 2 || page >= pages_) return damaged("it names a page that is not there");
  if (depth > kDeepest || left_ == 0) return damaged("its pages name each other");
  --left_;
  COORD_TRY_INTO(const std::string header, read(page * page_size_, kHeader));
  const std::uint64_t more = number_at<std::uint32_t>(header, 12);
  if (more >= pages_ - page) return damaged("a page is longer than the file");
  COORD_TRY_INTO(const std::string bytes, read(page * page_size_, (more + 1) * page_size_));
  return walk_page(bytes, depth, element);
}

// NOLINTNEXTLINE(misc-no-recursion)
Result<> Bolt::walk_page(std::string_view page, int depth, const Element& element) const {
  if (page.size() < kHeader) return damaged("a page is too short");
  const auto flags = number_at<std::uint16_t>(page, 8);
  const std::uint64_t count = number_at<std::uint16_t>(page, 10);
  if ((flags & (kBranch | kLeaf)) == 0) return damaged("a page is of another kind");
  if (!fits(page, kHeader, count * kElement)) return damaged("a page has too many elements");
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = kHeader + i * kElement;
    if ((flags & kBranch) != 0) {
      COORD_TRY(walk_tree(number_at<std::uint64_t>(page, at + 8), depth + 1, element));
      continue;
    }
    const std::uint64_t key = at + number_at<std::uint32_t>(page, at + 4);
    const std::uint64_t key_size = number_at<std::uint32_t>(page, at + 8);
    const std::uint64_t value_size = number_at<std::uint32_t>(page, at + 12);
    if (!fits(page, key, key_size + value_size)) return damaged("a pair leaves its page");
    COORD_TRY(element(number_at<std::uint32_t>(page, at), page.substr(key, key_size),
                      page.substr(key + key_size, value_size)));
  }
  return {};
}

Result<> Bolt::walk_bucket(std::string_view value, const Visitor& visitor) const {
  constexpr std::uint64_t kBucket = 16;  // root 8, sequence 8
  if (value.size() < kBucket) return damaged("a bucket is too short");
  const auto root = number_at<std::uint64_t>(value, 0);
  const Element element = [&](std::uint32_t flags, std::string_view key,
                              std::string_view each) -> Result<> {
    if (flags != 0) return damaged("there is a bucket within a bucket");
    visitor.pair(key, each);
    return {};
  };
  return root == 0 ? walk_page(value.substr(kBucket), 0, element) : walk_tree(root, 0, element);
}

Result<> Bolt::walk(const Visitor& visitor) const {
  left_ = pages_;
  return walk_tree(
      root_, 0, [&](std::uint32_t flags, std::string_view key, std::string_view value) -> Result<> {
        if (flags != 1) return damaged("the top level holds a pair");
        visitor.bucket(key);
        return walk_bucket(value, visitor);
      });
}

}  // namespace coord::snapshot
