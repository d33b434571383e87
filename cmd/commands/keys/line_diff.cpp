#include "cmd/commands/keys/line_diff.hpp"

#include <algorithm>
#include <cstdint>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using Lines = std::vector<std::string_view>;

// The table below has one entry for each pair of lines.
constexpr std::size_t kMostPairs = 4'000'000;

// With their newlines, so that one that lacks it differs.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// Cuts off what both begin and end with.
void trim(Lines& a, Lines& b) {
  const auto [left, right] = std::ranges::mismatch(a, b);
  a.erase(a.begin(), left);
  b.erase(b.begin(), right);
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.pop_back();
    b.pop_back();
  }
}

class Listing {
 public:
  explicit Listing(bool tells_of_newlines) : tells_of_newlines_(tells_of_newlines) {}

  void went(std::string_view line) { add('-', line); }
  void came(std::string_view line) { add('+', line); }
  std::vector<std::string> lines;

 private:
  void add(char sign, std::string_view line) {
    const bool ended = line.ends_with('\n');
    if (ended) line.remove_suffix(1);
    lines.push_back(sign + printable(line));
    if (!ended && tells_of_newlines_) lines.emplace_back("\\ no newline at the end");
  }

  bool tells_of_newlines_;
};

// How many lines a[i…] and b[j…] have in common, for every i and j.
class Common {
 public:
  Common(const Lines& a, const Lines& b)
      : width_(b.size() + 1), table_((a.size() + 1) * width_, 0) {
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;)
        entry(i, j) = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::uint32_t at(std::size_t i, std::size_t j) const { return table_[i * width_ + j]; }

 private:
  std::uint32_t& entry(std::size_t i, std::size_t j) { return table_[i * width_ + j]; }

  std::size_t width_;
  std::vector<std::uint32_t> table_;
};

void list_shortest(const Lines& a, const Lines& b, Listing& listing) {
  const Common common(a, b);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i;
      ++j;
    } else if (j == b.size() || (i < a.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
      listing.went(a[i++]);
    } else {
      listing.came(b[j++]);
    }
  }
}

}  // namespace

std::vector<std::string> line_diff(std::string_view before, std::string_view after) {
  Lines a = lines_of(before);
  Lines b = lines_of(after);
  trim(a, b);
  const bool both = !before.empty() && !after.empty();
  Listing listing(both && before.ends_with('\n') != after.ends_with('\n'));
  if (a.size() * b.size() <= kMostPairs) {
    list_shortest(a, b, listing);
  } else {
    for (const auto line : a) listing.went(line);
    for (const auto line : b) listing.came(line);
  }
  return std::move(listing.lines);
}

}  // namespace coord::commands
