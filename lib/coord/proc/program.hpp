// Which files a command's name stands for, and what it means when none of them can be executed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::proc {

// The files to try, in order: NAME itself if it has a slash, else one in each directory of the PATH
// in ENVIRONMENT ("NAME=VALUE" strings), or of /bin and /usr/bin when there is none. An empty part
// of PATH is the working directory. None of them begins with "-". Does not look at the disk.
std::vector<std::string> program_paths(std::string_view name,
                                       std::span<const std::string> environment);

// As execvp(3): after this errno the next directory is tried.
bool is_worth_another_path(int number);

// A shell's $? for a command that could not be executed: 127 when there is no such program, else
// 126.
int exec_exit_status(int number);

// What to say when the errno NUMBER was the answer. Looks at the disk for a script whose
// interpreter is missing.
Error exec_error(const std::string& name, std::span<const std::string> paths, int number);

}  // namespace coord::proc
