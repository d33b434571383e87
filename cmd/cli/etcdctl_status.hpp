// The exit statuses of etcdctl, for the personality of that name (personality.hpp).
#pragma once

#include <string_view>

#include "cmd/cli/personality.hpp"

namespace coord::cli {

// 1 for whatever the server or the parser refuses, 128 for words that do not fit together, 4 for
// one that is none of a few, and what single commands have of their own.
int etcdctl_status(const Failure& failure);
// Of a command that has told its errors itself, as those do that ask several members.
int etcdctl_result(std::string_view command, int status);

}  // namespace coord::cli
