// Members as records, in the names and the order of etcdctl.
#pragma once

#include "cmd/out/value.hpp"
#include "coord/etcd/cluster.hpp"

namespace coord::commands {

enum class Ids { decimal, hex };  // in json

out::Fields member_fields(const etcd::Member& member, Ids ids = Ids::decimal);
// Header and members, without lines.
out::Record member_record(const etcd::Header& header, const std::vector<etcd::Member>& members);
// The list with its lines; HEX is --hex.
out::Record member_list_record(const etcd::MemberList& list, Ids ids);

}  // namespace coord::commands
