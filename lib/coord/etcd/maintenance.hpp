// Maintenance: health, size, backup and upkeep.
//
// Alarms and downgrades are the whole cluster's matter. All else concerns the member that is asked,
// so it wants a client of one endpoint: client_of_one(). Each call is one round trip, the snapshot
// a stream.
//
// Errors: Code::unavailable, denied, bad_data (also for a request that an older server does not
// know), not_found, cancelled.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

// A client of its own for that one member, with the settings of CLIENT: nothing that it is asked
// goes anywhere else. Does not dial. Code::usage, Code::config.
Result<std::unique_ptr<Client>> client_of_one(const Client& client, const std::string& endpoint);

struct Downgrading {
  bool enabled = false;
  std::string target_version;
};

struct MemberStatus {
  Header header;
  std::string version;           // of the server program
  std::int64_t db_size = 0;      // bytes of the database file
  std::uint64_t leader = 0;      // as this member sees it; 0: it knows none
  std::uint64_t raft_index = 0;  // last log entry known to be committed
  std::uint64_t raft_term = 0;
  std::uint64_t raft_applied_index = 0;  // last log entry that has reached the store
  std::vector<std::string> errors;       // what is wrong, such as no leader or a raised alarm
  std::int64_t db_size_in_use = 0;       // the rest of the file is what defragment() can free
  bool learner = false;
  std::string storage_version;  // 3.6, as the rest
  std::int64_t db_size_quota = 0;
  std::optional<Downgrading> downgrade;

  bool is_leader() const { return leader != 0 && leader == header.member_id; }
};

enum class Alarm : std::uint8_t {
  none,      // when asking: of every kind. It disarms nothing
  no_space,  // the quota is used up: puts and new leases are refused until it is disarmed
  corrupt,   // members disagree about the data
};

struct AlarmMember {
  std::uint64_t member_id = 0;
  Alarm alarm = Alarm::none;
};

struct AlarmList {
  std::optional<Header> header;  // servers of 3.4 leave it out
  std::vector<AlarmMember> alarms;
};

struct HashKv {
  Header header;
  std::uint32_t hash = 0;  // comparable between members if both revisions below are equal
  std::int64_t compact_revision = 0;
  std::int64_t hash_revision = 0;  // 3.6: the last one that went into the hash
};

enum class DowngradeAction { validate, enable, cancel };

struct DowngradeReply {
  Header header;
  std::string version;  // the cluster's at present
};

// Takes a piece of a snapshot; REMAINING bytes are to come after it, 0 where the server does not
// say. An error of its own ends the snapshot.
using SnapshotSink = std::function<Result<>(std::string_view piece, std::uint64_t remaining)>;

class Maintenance {
 public:
  explicit Maintenance(Client& client) : client_(&client) {}

  Result<AlarmList> alarms(const Context& ctx);
  Result<AlarmList> activate(const Context& ctx, const AlarmMember& alarm);  // those raised
  Result<AlarmList> disarm(const Context& ctx, const AlarmMember& alarm);    // those disarmed

  // Also of a member that is cut off from its cluster.
  Result<MemberStatus> status(const Context& ctx);
  // Rewrites the database file to give space back to the disk; the member serves nothing meanwhile,
  // which may take minutes.
  Result<> defragment(const Context& ctx);
  Result<HashKv> hash_kv(const Context& ctx, std::int64_t revision = 0);  // 0: the present one
  // The database file from beginning to end, and behind it 32 bytes more: its SHA-256. Never
  // starts again by itself. Says the server's version, empty before 3.6.
  Result<std::string> snapshot(const Context& ctx, const SnapshotSink& sink);

  // Only the leader obeys.
  Result<> move_leader(const Context& ctx, std::uint64_t target);
  // 3.5 and newer. VERSION, such as "3.5", is not used when cancelling.
  Result<DowngradeReply> downgrade(const Context& ctx, DowngradeAction action,
                                   const std::string& version);

 private:
  Client* client_;
};

}  // namespace coord::etcd
