// One event of a watch as a CMD finds it: in its environment, and on its stdin.
#pragma once

#include "cmd/commands/keys/watch_feed.hpp"
#include "cmd/run/event_source.hpp"

namespace coord::commands {

// ETCD_WATCH_… as etcdctl sets and quotes them, COORD_EVENT_… as they are. What an environment
// cannot hold (a NUL, more than 128 KiB) is left out of it, and is among the event's ABSENT. One
// line of JSON on stdin, which holds all. Code::os.
Result<run::Event> event_for_command(const WatchNews& news, const etcd::Event& event);

}  // namespace coord::commands
