#include "cmd/cli/etcdctl_status.hpp"

#include <algorithm>
#include <array>

namespace coord::cli {
namespace {

constexpr int kError = 1;
constexpr int kBadConnection = 2;
constexpr int kInvalidInput = 3;
constexpr int kBadFeature = 4;
constexpr int kInterrupted = 5;
constexpr int kBadArguments = 128;

// What etcdctl does not leave to the rule: by the beginning of the command's path.
struct Own {
  std::string_view command;
  bool mistake;  // of the user's words or text; else what the server or the system said
  int status;
};
constexpr std::array kOwn{
    Own{"txn", true, kInvalidInput},          Own{"watch", false, kInterrupted},
    Own{"compaction", true, kError},          Own{"member add", true, kError},
    Own{"member update", true, kError},       Own{"lease timetolive", false, kBadConnection},
    Own{"lease list", false, kBadConnection}, Own{"lease keep-alive", false, kBadConnection},
    Own{"snapshot save", true, kInterrupted}, Own{"snapshot save", false, kInterrupted},
};

bool says(const Failure& failure, std::string_view words) {
  return failure.error.message.contains(words);
}

bool is_own_mistake(const Failure& failure) {
  const Code code = failure.error.code;
  const bool words = code == Code::usage || code == Code::config || code == Code::bad_data;
  return words && !says(failure, "etcdserver: ");
}

// Too few words or too many, or those that exclude each other: found by its commands, not by its
// parser. A request of a transaction without a key is bad text.
bool is_count(const Failure& failure) {
  if (failure.command == "txn" && says(failure, "KEY is missing")) return false;
  return says(failure, " is missing") || says(failure, "one word too many") ||
         says(failure, "no command behind") || says(failure, " names no file") ||
         says(failure, " needs both ");
}

}  // namespace

int etcdctl_status(const Failure& failure) {
  if (failure.stage == Stage::format) return kBadFeature;
  if (says(failure, "authentication failed, invalid user ID or password"))
    return failure.command == "snapshot save" ? kInterrupted : kBadConnection;
  const bool mistake = is_own_mistake(failure);
  if (mistake && (says(failure, "ENDPOINTS: ") || says(failure, "--endpoints: ")))
    return kBadConnection;
  if (mistake && is_count(failure)) return kBadArguments;
  if (mistake && says(failure, "--") && says(failure, " is none of ")) return kBadFeature;
  if (failure.stage != Stage::run) return kError;
  const auto own = std::ranges::find_if(kOwn, [&](const Own& each) {
    return failure.command == each.command && mistake == each.mistake;
  });
  if (own != kOwn.end()) return own->status;
  if (mistake && failure.error.code == Code::bad_data) return kInvalidInput;
  return mistake ? kBadArguments : kError;
}

int etcdctl_result(std::string_view command, int status) {
  const bool of_members = command.starts_with("endpoint") || command == "defrag";
  return of_members && status != 0 ? kError : status;
}

}  // namespace coord::cli
