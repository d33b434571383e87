// Auth: users, roles, and whether they are asked for at all. One round trip a call.
//
// Roles are the whole cluster's: their keys are whole ones, the client's key prefix does not apply.
//
// Errors: Code::unavailable (also when the reply to a change was lost: then it may have been done),
// denied, not_found (no such user or role, or it is not granted), bad_data (etcd's "already
// exists", "root user does not exist", …).
#pragma once

#include <optional>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

struct Permission {
  enum class Type : std::uint8_t { read, write, readwrite };
  Type type = Type::read;
  std::string key;
  std::string range_end;  // empty: that key alone; "\0": to the end

  bool reads() const { return type != Type::write; }
  bool writes() const { return type != Type::read; }
};

struct AuthStatus {
  Header header;
  bool enabled = false;
  std::uint64_t revision = 0;  // grows with every change of users and roles
};

struct Names {  // of users or roles
  Header header;
  std::vector<std::string> names;
};

struct RolePermissions {
  Header header;
  std::vector<Permission> permissions;
};

class Auth {
 public:
  explicit Auth(Client& client) : client_(&client) {}

  Result<Header> enable(const Context& ctx);  // wants a user "root" that has the role "root"
  Result<Header> disable(const Context& ctx);
  Result<AuthStatus> status(const Context& ctx);  // 3.5 and newer

  // A user without a PASSWORD can only log in by the common name of a client certificate.
  Result<Header> add_user(const Context& ctx, const std::string& name,
                          const std::optional<std::string>& password);
  Result<Header> delete_user(const Context& ctx, const std::string& name);
  Result<Header> change_password(const Context& ctx, const std::string& name,
                                 const std::string& password);
  Result<Names> roles_of(const Context& ctx, const std::string& user);
  Result<Names> users(const Context& ctx);
  Result<Header> grant_role(const Context& ctx, const std::string& user, const std::string& role);
  Result<Header> revoke_role(const Context& ctx, const std::string& user, const std::string& role);

  Result<Header> add_role(const Context& ctx, const std::string& name);
  Result<Header> delete_role(const Context& ctx, const std::string& name);
  Result<RolePermissions> role(const Context& ctx, const std::string& name);
  Result<Names> roles(const Context& ctx);
  Result<Header> grant_permission(const Context& ctx, const std::string& role,
                                  const Permission& permission);
  // The range must be one that was granted; a part of it cannot be taken away.
  Result<Header> revoke_permission(const Context& ctx, const std::string& role,
                                   const std::string& key, const std::string& range_end);

 private:
  Client* client_;
};

}  // namespace coord::etcd
