#include "coord/etcd/auth.hpp"

#include "coord/etcd/call.hpp"
#include "coord/etcd/convert.hpp"
#include "etcdserverpb/auth.grpc.pb.h"

namespace coord::etcd {

using Stub = etcdserverpb::Auth::Stub;

namespace {

Error not_found_if(Error error, const char* text) {
  if (error.message.find(text) == std::string::npos) return error;
  return {Code::not_found, std::move(error.message), {}};
}

Error judged(Error error) {
  return not_found_if(not_found_if(std::move(error), "role name not found"),
                      "is not granted to the");
}

// Where a request names a user, it is that one and not who asks.
template <typename T>
Result<T> named(Result<T> reply) {
  if (reply) return reply;
  return std::unexpected(not_found_if(std::move(reply).error(), "user name not found"));
}

template <typename Method, typename Request>
auto ask(Client& client, const Context& ctx, const CallSpec& spec, Method method,
         const Request& request) {
  auto reply = call(client.transport(), ctx, spec, method, request);
  if (!reply) reply = std::unexpected(judged(std::move(reply).error()));
  return reply;
}

template <typename Method, typename Request>
Result<Header> change(Client& client, const Context& ctx, const CallSpec& spec, Method method,
                      const Request& request) {
  COORD_TRY_INTO(const auto reply, ask(client, ctx, spec, method, request));
  return from_proto(reply.header());
}

}  // namespace

Result<Header> Auth::enable(const Context& ctx) {
  return change(*client_, ctx, {.what = "auth enable"}, &Stub::AuthEnable,
                etcdserverpb::AuthEnableRequest{});
}

Result<Header> Auth::disable(const Context& ctx) {
  return change(*client_, ctx, {.what = "auth disable"}, &Stub::AuthDisable,
                etcdserverpb::AuthDisableRequest{});
}

Result<AuthStatus> Auth::status(const Context& ctx) {
  const CallSpec spec{.what = "auth status", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 ask(*client_, ctx, spec, &Stub::AuthStatus, etcdserverpb::AuthStatusRequest{}));
  return AuthStatus{from_proto(reply.header()), reply.enabled(), reply.authrevision()};
}

Result<Header> Auth::add_user(const Context& ctx, const std::string& name,
                              const std::optional<std::string>& password) {
  etcdserverpb::AuthUserAddRequest request;
  request.set_name(name);
  request.set_password(password.value_or(""));
  request.mutable_options()->set_no_password(!password);
  return change(*client_, ctx, {.what = "user add"}, &Stub::UserAdd, request);
}

Result<Header> Auth::delete_user(const Context& ctx, const std::string& name) {
  etcdserverpb::AuthUserDeleteRequest request;
  request.set_name(name);
  return named(change(*client_, ctx, {.what = "user delete"}, &Stub::UserDelete, request));
}

Result<Header> Auth::change_password(const Context& ctx, const std::string& name,
                                     const std::string& password) {
  etcdserverpb::AuthUserChangePasswordRequest request;
  request.set_name(name);
  request.set_password(password);
  return named(change(*client_, ctx, {.what = "user passwd", .repeat = Repeat::safe},
                      &Stub::UserChangePassword, request));
}

Result<Names> Auth::roles_of(const Context& ctx, const std::string& user) {
  etcdserverpb::AuthUserGetRequest request;
  request.set_name(user);
  const CallSpec spec{.what = "user get", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply, named(ask(*client_, ctx, spec, &Stub::UserGet, request)));
  return Names{from_proto(reply.header()), {reply.roles().begin(), reply.roles().end()}};
}

Result<Names> Auth::users(const Context& ctx) {
  const CallSpec spec{.what = "user list", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 ask(*client_, ctx, spec, &Stub::UserList, etcdserverpb::AuthUserListRequest{}));
  return Names{from_proto(reply.header()), {reply.users().begin(), reply.users().end()}};
}

Result<Header> Auth::grant_role(const Context& ctx, const std::string& user,
                                const std::string& role) {
  etcdserverpb::AuthUserGrantRoleRequest request;
  request.set_user(user);
  request.set_role(role);
  return named(change(*client_, ctx, {.what = "user grant-role", .repeat = Repeat::safe},
                      &Stub::UserGrantRole, request));
}

Result<Header> Auth::revoke_role(const Context& ctx, const std::string& user,
                                 const std::string& role) {
  etcdserverpb::AuthUserRevokeRoleRequest request;
  request.set_name(user);
  request.set_role(role);
  return named(change(*client_, ctx, {.what = "user revoke-role"}, &Stub::UserRevokeRole, request));
}

Result<Header> Auth::add_role(const Context& ctx, const std::string& name) {
  etcdserverpb::AuthRoleAddRequest request;
  request.set_name(name);
  return change(*client_, ctx, {.what = "role add"}, &Stub::RoleAdd, request);
}

Result<Header> Auth::delete_role(const Context& ctx, const std::string& name) {
  etcdserverpb::AuthRoleDeleteRequest request;
  request.set_role(name);
  return change(*client_, ctx, {.what = "role delete"}, &Stub::RoleDelete, request);
}

Result<RolePermissions> Auth::role(const Context& ctx, const std::string& name) {
  etcdserverpb::AuthRoleGetRequest request;
  request.set_role(name);
  const CallSpec spec{.what = "role get", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply, ask(*client_, ctx, spec, &Stub::RoleGet, request));
  RolePermissions role{from_proto(reply.header()), {}};
  for (const auto& each : reply.perm())
    role.permissions.push_back(
        {static_cast<Permission::Type>(each.permtype()), each.key(), each.range_end()});
  return role;
}

Result<Names> Auth::roles(const Context& ctx) {
  const CallSpec spec{.what = "role list", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 ask(*client_, ctx, spec, &Stub::RoleList, etcdserverpb::AuthRoleListRequest{}));
  return Names{from_proto(reply.header()), {reply.roles().begin(), reply.roles().end()}};
}

Result<Header> Auth::grant_permission(const Context& ctx, const std::string& role,
                                      const Permission& permission) {
  etcdserverpb::AuthRoleGrantPermissionRequest request;
  request.set_name(role);
  request.mutable_perm()->set_permtype(static_cast<authpb::Permission::Type>(permission.type));
  request.mutable_perm()->set_key(permission.key);
  request.mutable_perm()->set_range_end(permission.range_end);
  return change(*client_, ctx, {.what = "role grant-permission", .repeat = Repeat::safe},
                &Stub::RoleGrantPermission, request);
}

Result<Header> Auth::revoke_permission(const Context& ctx, const std::string& role,
                                       const std::string& key, const std::string& range_end) {
  etcdserverpb::AuthRoleRevokePermissionRequest request;
  request.set_role(role);
  request.set_key(key);
  request.set_range_end(range_end);
  return change(*client_, ctx, {.what = "role revoke-permission"}, &Stub::RoleRevokePermission,
                request);
}

}  // namespace coord::etcd
