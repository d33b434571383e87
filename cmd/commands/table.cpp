#include "cmd/commands/table.hpp"

#include <array>

#include "cmd/commands/del.hpp"
#include "cmd/commands/dequeue.hpp"
#include "cmd/commands/enqueue.hpp"
#include "cmd/commands/get.hpp"
#include "cmd/commands/help.hpp"
#include "cmd/commands/lease.hpp"
#include "cmd/commands/local.hpp"
#include "cmd/commands/lock.hpp"
#include "cmd/commands/put.hpp"
#include "cmd/commands/queue.hpp"
#include "cmd/commands/unlock.hpp"
#include "cmd/commands/version.hpp"
#include "cmd/commands/watch.hpp"
#include "cmd/commands/who.hpp"

namespace coord::commands {
namespace {

// The order of the help; a group stands where its first command stands.
constexpr auto kTable = std::to_array<cli::Definition>({
    {"get", define_get},
    {"put", define_put},
    {"del", define_del},
    {"watch", define_watch},
    {"lease", define_lease},
    {"lock", define_lock},
    {"unlock", define_unlock},
    {"enqueue", define_enqueue},
    {"dequeue", define_dequeue},
    {"queue", define_queue},
    {"who", define_who},
    {"local", define_local},
    {"version", define_version},
    {"help", define_help, true},
});

}  // namespace

std::span<const cli::Definition> table() { return kTable; }

}  // namespace coord::commands
