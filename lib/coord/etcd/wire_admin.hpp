// wire() of replies about the cluster, its users and roles; see wire.hpp, which has the one for a
// reply that is a header and nothing else.
#pragma once

#include <string>

#include "coord/etcd/auth.hpp"
#include "coord/etcd/cluster.hpp"
#include "coord/etcd/maintenance.hpp"

namespace coord::etcd {

std::string wire(const MemberList& reply);
std::string wire(const MemberAdd& reply);
std::string wire(const AlarmList& reply);
std::string wire(const DowngradeReply& reply);
std::string wire(const AuthStatus& reply);
std::string wire(const Names& reply);
std::string wire(const RolePermissions& reply);

}  // namespace coord::etcd
