#include "coord/recipe/rwlock.hpp"

#include <chrono>
#include <utility>

#include "coord/recipe/entry.hpp"

namespace coord::recipe {

RwLock::RwLock(etcd::Client& client, const etcd::Session& session, std::string name, Access access,
               HolderInfo info)
    : client_(&client),
      lease_(session.lease()),
      name_(std::move(name)),
      access_(access),
      value_(info.to_json()) {}

Place RwLock::new_place() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::int64_t nanos = std::exchange(unix_nano_, 0);
  if (nanos == 0) nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  return {.prefix = layout::lock_prefix(name_),
          .key = layout::rwlock_key(name_, access_, nanos),
          .harmless = access_ == Access::read ? layout::rwlock_prefix(name_, access_) : "",
          .written_once = true};
}

Held RwLock::held_at(const Place& place, std::int64_t create_revision,
                     std::int64_t revision) const {
  return {name_, place.key, create_revision, revision, lease_, true};
}

Result<Held> RwLock::acquire(const Context& ctx) {
  for (;;) {
    Place place = new_place();
    COORD_TRY_INTO(const Entry entry, join_line(*client_, ctx, place, {place.key, value_, lease_}));
    if (entry.clash) continue;
    place.create_revision = entry.create_revision;
    Held held = held_at(place, entry.create_revision, entry.revision);
    if (entry.first) return held;
    const auto turn = wait_for_turn(*client_, ctx, place);
    if (!turn) return given_up(*client_, ctx, held, turn.error());
    held.revision = *turn;
    return held;
  }
}

Result<Held> RwLock::try_acquire(const Context& ctx) {
  for (;;) {
    const Place place = new_place();
    COORD_TRY_INTO(const Entry entry,
                   join_if_first(*client_, ctx, place, {place.key, value_, lease_}));
    if (entry.clash && access_ == Access::read) continue;  // a writer is refused by that very key
    const Held held = held_at(place, entry.create_revision, entry.revision);
    if (entry.first) return held;
    if (entry.create_revision != 0) COORD_TRY(release(ctx, held));
    return fail(Code::busy, "somebody else has it");
  }
}

Result<> RwLock::release(const Context& ctx, const Held& held) {
  return leave_line(*client_, ctx, held);
}

}  // namespace coord::recipe
