#include "cmd/cli/topics.hpp"

#include <algorithm>
#include <array>

namespace coord::cli {
namespace {

constexpr auto kTopics = std::to_array<Topic>({
    {"conditions", "what 'coord wait' can wait for", "conditions.topic"},
    {"config", "the file of contexts", "coord-config.5"},
    {"environment", "variables that coord reads, and those that CMD gets", "coord-environment.7"},
    {"exit-status", "what coord ends with", "exit-status.topic"},
    {"interop", "keys, and what Go programs and etcdctl share with coord", "coord-keys.7"},
    {"locking", "what a lock can and cannot promise", "coord-locking.7"},
    {"txn", "the text of a transaction", "coord-txn.5"},
});

}  // namespace

std::span<const Topic> topics() { return kTopics; }

const Topic* find_topic(std::string_view name) {
  const auto found = std::ranges::find(kTopics, name, &Topic::name);
  return found == kTopics.end() ? nullptr : &*found;
}

}  // namespace coord::cli
