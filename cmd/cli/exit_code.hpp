// Exit statuses: what coord ends with. The one table from Code to a status; a child's own status
// passes it by.
#pragma once

#include "coord/base/result.hpp"

namespace coord::cli {

inline constexpr int kDone = 0;          // done, or yes
inline constexpr int kNo = 1;            // no: busy, nothing there, a condition that does not hold
inline constexpr int kUsage = 64;        // the command line makes no sense
inline constexpr int kBadData = 65;      // input, or what is stored, cannot be used
inline constexpr int kUnavailable = 69;  // etcd cannot be reached, or has no leader
inline constexpr int kBug = 70;          // a bug in coord
inline constexpr int kOs = 71;           // the operating system refused
inline constexpr int kOutput = 74;       // stdout cannot be written
inline constexpr int kLost = 75;         // what was held is lost; CMD was stopped
inline constexpr int kDenied = 77;       // authentication or permission refused
inline constexpr int kConfig = 78;       // bad setting, context or TLS file
inline constexpr int kTimedOut = 124;    // --timeout ran out
inline constexpr int kNotExecutable = 126;  // CMD cannot be executed
inline constexpr int kNotFound = 127;       // there is no such CMD
inline constexpr int kSignalBase = 128;     // + n: ended by signal n

int exit_code(Code code);

}  // namespace coord::cli
