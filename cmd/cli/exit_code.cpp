#include "cmd/cli/exit_code.hpp"

#include <csignal>

namespace coord::cli {

int exit_code(Code code) {
  switch (code) {
    case Code::busy:
    case Code::not_found:
    case Code::compare_failed:
      return kNo;
    case Code::usage:
      return kUsage;
    case Code::bad_data:
    case Code::compacted:
      return kBadData;
    case Code::unavailable:
      return kUnavailable;
    case Code::internal:
      return kBug;
    case Code::os:
      return kOs;
    case Code::output:
      return kOutput;
    case Code::lost:
      return kLost;
    case Code::denied:
      return kDenied;
    case Code::config:
      return kConfig;
    case Code::timed_out:
      return kTimedOut;
    case Code::cannot_execute:
      return kNotExecutable;
    case Code::no_command:
      return kNotFound;
    case Code::cancelled:
      return kSignalBase + SIGINT;
  }
  return kBug;
}

}  // namespace coord::cli
