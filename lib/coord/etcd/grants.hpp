// What a role has to grant for a request. A server says "permission denied", but not of which keys;
// the keys of a recipe are not the name that the user gave, so he could not tell the administrator.
#pragma once

#include <string>

#include "coord/base/result.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::etcd {

// Of the keys; not that the login is refused.
bool is_permission_denied(const Error& error);

// Name and password are not those of a user.
bool is_refused_login(const Error& error);

// Where ERROR says that permission was denied, its hint names the keys that REQUEST reads and
// writes, under PREFIX as the administrator sees them; the first few of each.
Error naming_keys(Error error, const std::string& prefix, const Op& request);
Error naming_keys(Error error, const std::string& prefix, const Txn& request);
Error naming_keys(Error error, const std::string& prefix, const WatchRequest& request);

}  // namespace coord::etcd
