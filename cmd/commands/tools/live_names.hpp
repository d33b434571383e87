// Names of primitives that are in use, found by the shape of their keys (recipe/key_role.hpp), and
// what is known of them. For completion: bounded, and content with what one member has.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/complete.hpp"
#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

enum class NameKind { contender, queue, double_barrier, service, topic };

// Those that begin with TEXT, in byte order.
std::vector<std::string> live_names(etcd::Client& client, const Context& ctx, NameKind kind,
                                    const std::string& text);

// Locks, semaphores, rwlocks and elections, with who holds them; ELECTIONS: those alone, with what
// their leaders stand for.
std::vector<cli::Candidate> live_contenders(etcd::Client& client, const Context& ctx,
                                            bool elections, const std::string& text);

}  // namespace coord::commands
