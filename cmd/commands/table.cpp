#include "cmd/commands/table.hpp"

#include <array>

#include "cmd/commands/barriers/barrier.hpp"
#include "cmd/commands/barriers/dbarrier.hpp"
#include "cmd/commands/cluster/alarm.hpp"
#include "cmd/commands/cluster/auth.hpp"
#include "cmd/commands/cluster/check.hpp"
#include "cmd/commands/cluster/defrag.hpp"
#include "cmd/commands/cluster/downgrade.hpp"
#include "cmd/commands/cluster/endpoint.hpp"
#include "cmd/commands/cluster/make_mirror.hpp"
#include "cmd/commands/cluster/member.hpp"
#include "cmd/commands/cluster/move_leader.hpp"
#include "cmd/commands/cluster/role.hpp"
#include "cmd/commands/cluster/snapshot.hpp"
#include "cmd/commands/cluster/user.hpp"
#include "cmd/commands/elections/elect.hpp"
#include "cmd/commands/elections/leader.hpp"
#include "cmd/commands/elections/observe.hpp"
#include "cmd/commands/elections/proclaim.hpp"
#include "cmd/commands/elections/resign.hpp"
#include "cmd/commands/keys/compaction.hpp"
#include "cmd/commands/keys/del.hpp"
#include "cmd/commands/keys/diff.hpp"
#include "cmd/commands/keys/edit.hpp"
#include "cmd/commands/keys/env.hpp"
#include "cmd/commands/keys/export.hpp"
#include "cmd/commands/keys/get.hpp"
#include "cmd/commands/keys/history.hpp"
#include "cmd/commands/keys/import.hpp"
#include "cmd/commands/keys/lease.hpp"
#include "cmd/commands/keys/put.hpp"
#include "cmd/commands/keys/rollback.hpp"
#include "cmd/commands/keys/txn.hpp"
#include "cmd/commands/keys/update.hpp"
#include "cmd/commands/keys/wait.hpp"
#include "cmd/commands/keys/watch.hpp"
#include "cmd/commands/locks/lock.hpp"
#include "cmd/commands/locks/rwlock.hpp"
#include "cmd/commands/locks/sem.hpp"
#include "cmd/commands/locks/unlock.hpp"
#include "cmd/commands/looking/describe.hpp"
#include "cmd/commands/looking/status.hpp"
#include "cmd/commands/looking/who.hpp"
#include "cmd/commands/messages/publish.hpp"
#include "cmd/commands/messages/subscribe.hpp"
#include "cmd/commands/queues/dequeue.hpp"
#include "cmd/commands/queues/enqueue.hpp"
#include "cmd/commands/queues/queue.hpp"
#include "cmd/commands/services/discover.hpp"
#include "cmd/commands/services/proxy.hpp"
#include "cmd/commands/services/register.hpp"
#include "cmd/commands/sessions/session.hpp"
#include "cmd/commands/tools/complete.hpp"
#include "cmd/commands/tools/completion.hpp"
#include "cmd/commands/tools/config.hpp"
#include "cmd/commands/tools/doctor.hpp"
#include "cmd/commands/tools/help.hpp"
#include "cmd/commands/tools/local.hpp"
#include "cmd/commands/tools/man.hpp"
#include "cmd/commands/tools/options.hpp"
#include "cmd/commands/tools/version.hpp"

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
