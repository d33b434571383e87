#include "cmd/commands/table.hpp"

#include <array>

#include "cmd/commands/del.hpp"
#include "cmd/commands/get.hpp"
#include "cmd/commands/help.hpp"
#include "cmd/commands/lease.hpp"
#include "cmd/commands/local.hpp"
#include "cmd/commands/lock.hpp"
#include "cmd/commands/put.hpp"
#include "cmd/commands/unlock.hpp"
#include "cmd/commands/version.hpp"
#include "cmd/commands/watch.hpp"
#include "cmd/commands/who.hpp"

namespace coord::commands {
namespace {

// The order of the help; a group stands where its first command stands.
constexpr auto kTable = std::to_array<cli::Define>({
    define_get,
    define_put,
    define_del,
    define_watch,
    define_lease,
    define_lock,
    define_unlock,
    define_who,
    define_local,
    define_version,
    define_help,
});

}  // namespace

std::span<const cli::Define> table() { return kTable; }

}  // namespace coord::commands
