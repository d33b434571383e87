// Health: what each member of the cluster says of itself, asked all at once; for people who ask.
//
// Asked are the client's endpoints and, under the address that it advertises, each member that none
// of those turned out to be. Who does not answer within the client's dial timeout is away. Works
// while a part of the cluster is away, and without a majority.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/cluster.hpp"
#include "coord/etcd/maintenance.hpp"

namespace coord::recipe {

struct MemberHealth {
  std::string endpoint;  // where it was asked; empty: it advertises no address, it never started
  std::optional<etcd::Member> member;  // nothing: nobody answered there, so it may be anyone
  Result<etcd::MemberStatus> status;
};

struct Health {
  std::vector<MemberHealth> members;         // in the order of the endpoints, then of the ids
  std::vector<etcd::AlarmMember> alarms;     // those that the leader knows of
  std::vector<etcd::Member> all;             // as a member that answered has them
  std::optional<etcd::MemberStatus> newest;  // of those that answered, the one of the latest term

  std::size_t answering() const;  // members that vote, each once
  std::size_t voters() const;
  std::size_t needed() const { return voters() / 2 + 1; }               // for a majority
  std::uint64_t leader() const { return newest ? newest->leader : 0; }  // 0: none
  // Empty where nobody knows it.
  std::string name_of(std::uint64_t member) const;
};

// Blocks for three dial timeouts at the most. No error of its own: it is what it tells.
Health look_at_health(const etcd::Client& client, const Context& ctx);

}  // namespace coord::recipe
