#include "coord/recipe/lock.hpp"

#include "coord/base/layout.hpp"
#include "coord/recipe/entry.hpp"
#include "coord/recipe/wait.hpp"

namespace coord::recipe {

Lock::Lock(etcd::Client& client, const etcd::Session& session, std::string name, HolderInfo info)
    : client_(&client),
      lease_(session.lease()),
      name_(std::move(name)),
      key_(layout::lock_key(name_, lease_)),
      value_(info.to_json()) {}

Result<Held> Lock::acquire(const Context& ctx) {
  Place place{layout::lock_prefix(name_), key_};
  COORD_TRY_INTO(const Entry entry, join_line(*client_, ctx, place, {key_, value_, lease_}));
  Held held{name_, key_, entry.create_revision, entry.revision, lease_};
  if (entry.first) return held;
  place.create_revision = entry.create_revision;
  COORD_TRY_INTO(held.revision, wait_for_turn(*client_, ctx, place));
  return held;
}

Result<Held> Lock::try_acquire(const Context& ctx) {
  const Place place{layout::lock_prefix(name_), key_};
  COORD_TRY_INTO(const Entry entry, join_if_first(*client_, ctx, place, {key_, value_, lease_}));
  if (entry.first) return Held{name_, key_, entry.create_revision, entry.revision, lease_};
  // A key of ours in line was not put by this try: another process of our session waits there.
  return fail(Code::busy, "somebody else has it");
}

Result<> Lock::release(const Context& ctx, const Held& held) {
  return leave_line(*client_, ctx, held);
}

}  // namespace coord::recipe
