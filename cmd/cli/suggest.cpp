#include "cmd/cli/suggest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>

#include "coord/base/bytes.hpp"

namespace coord::cli {
namespace {

struct Elsewhere {
  std::string_view word;
  std::string_view here;
};

// What shells, flock, redis-cli, consul and others call it, and its name here; the first that is a
// candidate counts.
constexpr Elsewhere kElsewhere[] = {
    {"acquire", "lock"}, {"campaign", "elect"}, {"cat", "get"},        {"flock", "lock"},
    {"list", "get"},     {"ls", "list"},        {"ls", "get"},         {"mutex", "lock"},
    {"pop", "dequeue"},  {"push", "enqueue"},   {"release", "unlock"}, {"rm", "del"},
    {"rm", "delete"},    {"rm", "remove"},      {"semaphore", "sem"},  {"services", "discover"},
    {"set", "put"}};

std::optional<std::string> known_elsewhere(std::string_view word,
                                           const std::vector<std::string>& candidates) {
  for (const Elsewhere& each : kElsewhere) {
    if (each.word != word) continue;
    const auto found = std::ranges::find(candidates, each.here);
    if (found != candidates.end()) return *found;
  }
  return std::nullopt;
}

// The only candidate that WORD is the beginning of, or that is WORD's.
std::optional<std::string> only_one_begun(std::string_view word,
                                          const std::vector<std::string>& candidates) {
  const auto begins = [word](const std::string& each) {
    return (word.size() > 1 && each.starts_with(word)) ||
           (each.size() > 2 && word.starts_with(each));
  };
  if (std::ranges::count_if(candidates, begins) != 1) return std::nullopt;
  return *std::ranges::find_if(candidates, begins);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);  // the row two above
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  if (auto known = known_elsewhere(word, candidates)) return known;
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::optional<std::string> best;
  // A suggestion that shares no letter with the word would only confuse.
  std::size_t best_distance = std::min(limit + 1, word.size());
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  const auto begun = only_one_begun(word, candidates);
  const bool slipped = best && best_distance == 1;
  if (begun && !(slipped && word.starts_with(*begun))) return begun;
  return best;
}

std::unexpected<Error> none_of(const std::string& option, const std::string& word,
                               const std::vector<std::string>& words) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  std::vector<std::string> lowered;
  std::ranges::transform(words, std::back_inserter(lowered), lower);
  const auto guess = nearest(lower(word), lowered);
  std::string hint;
  if (guess) {
    const auto at = std::ranges::find(lowered, *guess) - lowered.begin();
    hint = fmt::format("did you mean '{}'?", words[static_cast<std::size_t>(at)]);
  }
  return fail(Code::usage,
              fmt::format("{}: {} is none of {}", option, in_quotes(word), fmt::join(words, ", ")),
              hint);
}

}  // namespace coord::cli
