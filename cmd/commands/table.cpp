#include "cmd/commands/table.hpp"

#include <array>

#include "cmd/commands/alarm.hpp"
#include "cmd/commands/auth.hpp"
#include "cmd/commands/barrier.hpp"
#include "cmd/commands/check.hpp"
#include "cmd/commands/compaction.hpp"
#include "cmd/commands/complete.hpp"
#include "cmd/commands/completion.hpp"
#include "cmd/commands/config.hpp"
#include "cmd/commands/dbarrier.hpp"
#include "cmd/commands/defrag.hpp"
#include "cmd/commands/del.hpp"
#include "cmd/commands/dequeue.hpp"
#include "cmd/commands/describe.hpp"
#include "cmd/commands/diff.hpp"
#include "cmd/commands/discover.hpp"
#include "cmd/commands/doctor.hpp"
#include "cmd/commands/downgrade.hpp"
#include "cmd/commands/edit.hpp"
#include "cmd/commands/elect.hpp"
#include "cmd/commands/endpoint.hpp"
#include "cmd/commands/enqueue.hpp"
#include "cmd/commands/env.hpp"
#include "cmd/commands/export.hpp"
#include "cmd/commands/get.hpp"
#include "cmd/commands/help.hpp"
#include "cmd/commands/history.hpp"
#include "cmd/commands/import.hpp"
#include "cmd/commands/leader.hpp"
#include "cmd/commands/lease.hpp"
#include "cmd/commands/local.hpp"
#include "cmd/commands/lock.hpp"
#include "cmd/commands/make_mirror.hpp"
#include "cmd/commands/man.hpp"
#include "cmd/commands/member.hpp"
#include "cmd/commands/move_leader.hpp"
#include "cmd/commands/observe.hpp"
#include "cmd/commands/options.hpp"
#include "cmd/commands/proclaim.hpp"
#include "cmd/commands/proxy.hpp"
#include "cmd/commands/publish.hpp"
#include "cmd/commands/put.hpp"
#include "cmd/commands/queue.hpp"
#include "cmd/commands/register.hpp"
#include "cmd/commands/resign.hpp"
#include "cmd/commands/role.hpp"
#include "cmd/commands/rollback.hpp"
#include "cmd/commands/rwlock.hpp"
#include "cmd/commands/sem.hpp"
#include "cmd/commands/session.hpp"
#include "cmd/commands/snapshot.hpp"
#include "cmd/commands/status.hpp"
#include "cmd/commands/subscribe.hpp"
#include "cmd/commands/txn.hpp"
#include "cmd/commands/unlock.hpp"
#include "cmd/commands/update.hpp"
#include "cmd/commands/user.hpp"
#include "cmd/commands/version.hpp"
#include "cmd/commands/wait.hpp"
#include "cmd/commands/watch.hpp"
#include "cmd/commands/who.hpp"

namespace coord::commands {
namespace {

// The order of the help; a group stands where its first command stands.
// clang-format off
constexpr auto kTable = std::to_array<cli::Definition>({
    {"get", define_get},
    {"put", define_put},
    {"del", define_del},
    {"txn", define_txn},
    {"update", define_update},
    {"edit", define_edit},
    {"history", define_history},
    {"diff", define_diff},
    {"rollback", define_rollback},
    {"export", define_export},
    {"import", define_import},
    {"wait", define_wait},
    {"watch", define_watch},
    {"env", define_env},
    {"compaction", define_compaction},
    {"lease", define_lease},
    {"lock", define_lock},
    {"rwlock", define_rwlock},
    {"sem", define_sem},
    {"unlock", define_unlock},
    {"elect", define_elect},
    {"proclaim", define_proclaim},
    {"resign", define_resign},
    {"leader", define_leader},
    {"observe", define_observe},
    {"enqueue", define_enqueue},
    {"dequeue", define_dequeue},
    {"queue", define_queue},
    {"barrier", define_barrier},
    {"dbarrier", define_dbarrier},
    {"register", define_register},
    {"discover", define_discover},
    {"proxy", define_proxy},
    {"publish", define_publish},
    {"subscribe", define_subscribe},
    {"session", define_session},
    {"who", define_who},
    {"status", define_status},
    {"describe", define_describe},
    {"endpoint", define_endpoint},
    {"member", define_member},
    {"alarm", define_alarm},
    {"defrag", define_defrag},
    {"snapshot", define_snapshot},
    {"move-leader", define_move_leader},
    {"make-mirror", define_make_mirror},
    {"user", define_user},
    {"role", define_role},
    {"auth", define_auth},
    {"check", define_check},
    {"downgrade", define_downgrade},
    {"local", define_local},
    {"config", define_config},
    {"doctor", define_doctor},
    {"options", define_options},
    {"version", define_version},
    {"completion", define_completion},
    {"help", define_help, true},
    {"__man", define_man, true},
    {"__complete", define_complete, true},
});
// clang-format on

}  // namespace

std::span<const cli::Definition> table() { return kTable; }

}  // namespace coord::commands
