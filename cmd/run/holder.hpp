// Holder: the process below the guardian that has the session, acquires, starts CMD and gives back.
// Its main thread only polls; whatever blocks on etcd runs in threads beside it. When the guardian
// dies (the end of the channel) it kills all that it has started and then gives back; when it is
// out of time it kills too, whether or not the guardian does.
#pragma once

#include <sys/types.h>

#include <optional>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "cmd/run/shared_deadline.hpp"
#include "coord/proc/channel.hpp"
#include "coord/proc/signals.hpp"

namespace coord::run {

struct HolderOptions {
  SharedDeadline deadline;
  std::optional<pid_t> join_group;  // CMD's process group; none: one of its own
};

// The whole life of the holder process, right after the fork. Says its last word on CHANNEL and
// exits.
[[noreturn]] void run_holder(Plan& plan, cli::Env& env, proc::Channel channel,
                             proc::Signals& signals, const HolderOptions& options);

}  // namespace coord::run
