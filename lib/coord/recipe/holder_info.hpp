// HolderInfo: who stands behind the key of a lock, for people who ask. It is the key's value, as
// JSON, written once by the put that creates the key. Go programs neither write nor read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coord::recipe {

struct HolderInfo {
  std::string host;
  std::string user;
  std::int64_t pid = 0;
  std::string program;  // its name; never its arguments, they may hold secrets
  std::string since;    // wall clock of the host when it began to wait, RFC 3339, UTC
  std::string note;
  std::int64_t slots = 0;   // of the semaphore that the key is of, and how many of them the key
  std::int64_t weight = 0;  // takes; 0: the key is of something else

  std::string to_json() const;
  // Nothing for a value that is not such JSON: somebody else's key.
  static std::optional<HolderInfo> from_json(std::string_view text);
};

}  // namespace coord::recipe
