#include "cmd/cli/topics.hpp"

#include <algorithm>
#include <array>

namespace coord::cli {
namespace {

constexpr std::string_view kConditions =
    R"(What `coord wait` can wait for. All conditions of a line must hold at one
revision of the store.

  KEY                 the key exists
  !KEY                it does not
  KEY=VALUE           its value is VALUE, byte for byte
  KEY!=VALUE          it is not, or there is no such key
  KEY>=N              its value is a number and at least N; also > <= <
  KEY~REGEX           its value matches somewhere: RE2's regular expressions,
                      ^ and $ for the whole value, (?s) lets . match newlines
  KEY!~REGEX          it does not, or there is no such key
  PREFIX:count>=N     at least N keys begin with PREFIX; also = != > <= <

A comparison with a key that does not exist does not hold, but for != and !~.
Numbers are whole, decimal and fit into 64 bits; white space around the one
in the store does not count. A value that is no number fails its comparison.

The key ends at the first = < > ~ != or !~. In a key a backslash takes the
sign behind it as it is, and \xHH is any byte:

  coord wait 'a\=b'             the key is called a=b
  coord wait '\!a' 'a\:count=3' two keys: !a, and a:count with the value 3
  coord wait 'C:\\tmp' 'n\x00'  C:\tmp, and an n with a NUL behind it

What stands behind the operator is taken as it is. Quote conditions for the
shell: < > ! ~ and \ mean something to it.

What counts is the state, not how it came about: a condition that holds
already is not waited for, and one that has held for a moment only may have
been overlooked.
)";

constexpr auto kTopics = std::to_array<Topic>({
    {"conditions", "what 'coord wait' can wait for", kConditions},
});

}  // namespace

std::span<const Topic> topics() { return kTopics; }

const Topic* find_topic(std::string_view name) {
  const auto found = std::ranges::find(kTopics, name, &Topic::name);
  return found == kTopics.end() ? nullptr : &*found;
}

}  // namespace coord::cli
