// What etcd answers with, as plain values. Field names are etcd's. Revisions count writes to the
// whole store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coord::etcd {

struct Header {
  std::uint64_t cluster_id = 0;
  std::uint64_t member_id = 0;
  std::int64_t revision = 0;
  std::uint64_t raft_term = 0;
};

struct KeyValue {
  std::string key;
  std::string value;
  std::int64_t create_revision = 0;  // of the first put since the key was last absent
  std::int64_t mod_revision = 0;     // of the last change
  std::int64_t version = 0;          // puts since creation
  std::int64_t lease = 0;            // 0: none
};

// May a request be sent again when its reply was lost?
enum class Repeat {
  never,  // only when it is certain that the server has not seen it
  safe,   // always: the second time changes nothing
};

}  // namespace coord::etcd
