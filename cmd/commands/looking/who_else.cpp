#include "cmd/commands/looking/who_else.hpp"

#include "cmd/commands/barriers/barrier.hpp"
#include "cmd/commands/barriers/dbarrier.hpp"
#include "cmd/commands/queues/queue.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/key_role.hpp"

namespace coord::commands {
namespace {

using Kind = recipe::KeyRole::Kind;

// What all of LINE are for, if that is one thing and NAME its name.
Kind kind_of_all(const std::string& name, const std::vector<recipe::Contender>& line) {
  std::optional<Kind> kind;
  for (const recipe::Contender& one : line) {
    const recipe::KeyRole role = recipe::key_role(one.kv);
    if (role.kind == Kind::double_barrier_ready && role.name == name) continue;
    if (role.name != name || role.kind != kind.value_or(role.kind)) return Kind::plain;
    kind = role.kind;
  }
  return kind.value_or(Kind::plain);
}

// A Go program's barrier cannot be told from any other key. Who may read a lock's keys alone, below
// NAME, is shown those.
Result<bool> is_barrier(const std::string& name, cli::Env& env, etcd::Client& client) {
  const auto reply = etcd::Kv(client).range(env.context(), {.key = name});
  if (!reply && reply.error().code == Code::denied) return false;
  if (!reply) return std::unexpected(reply.error());
  return !reply->kvs.empty() && recipe::key_role(reply->kvs.front()).kind == Kind::barrier;
}

bool is_of_priority(const recipe::Contender& item, const std::string& name) {
  return item.kv.key.find('/', name.size() + 1) != std::string::npos;
}

}  // namespace

Result<std::optional<int>> show_who_else(const std::string& name,
                                         const std::vector<recipe::Contender>& line,
                                         cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  if (line.empty()) {
    COORD_TRY_INTO(const bool barrier, is_barrier(name, env, *client));
    if (!barrier) return std::nullopt;
    return run_barrier_status(name, env);
  }
  const Kind kind = kind_of_all(name, line);
  if (kind == Kind::double_barrier_waiter) return run_dbarrier_status({.name = name}, env);
  if (kind != Kind::queue_item) return std::nullopt;
  return run_queue_list({.name = name, .priority = is_of_priority(line.front(), name)}, env);
}

}  // namespace coord::commands
