// Result<T>: a value, or an Error that says what failed, why, and what to do next.
//
// Outcomes such as "busy", "timed out" or "lost" are ordinary here and must be looked at, so they
// are values; no exception crosses a function of ours. Code is the whole vocabulary: one table maps
// gRPC's statuses to it (etcd/error.cpp), one maps it to exit statuses (cmd/cli/exit_code.cpp).
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace coord {

enum class Code {
  busy,            // somebody else has it, and we were told not to wait
  not_found,       // the thing asked for does not exist
  compare_failed,  // the store's state is not the one that the caller required
  usage,           // the caller's words make no sense
  bad_data,        // input or a stored value cannot be used
  compacted,       // the revision asked for has been compacted away
  unavailable,     // etcd cannot be reached, or has no leader
  internal,        // a bug in coord
  os,              // the operating system refused
  output,          // what we print cannot be written
  lost,            // what was held is gone
  denied,          // authentication or permission refused
  config,          // a setting or a TLS file is wrong
  timed_out,       // the caller's own time limit ran out
  cancelled,       // the caller's stop token was pulled
  cannot_execute,  // a command to run is there, but cannot be run
  no_command,      // a command to run is not there
};

struct Error {
  Code code = Code::internal;
  std::string message;     // "WHAT FAILED: WHY", without a full stop, names the object
  std::string hint;        // one thing to do next; may be empty
  bool uncertain = false;  // of a write: its reply was lost, and it may have been done
};

template <typename T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string message, std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(hint)});
}

// Puts "WHAT: " before the message of an error that comes from further down.
inline Error in_context(const std::string& what, Error error) {
  error.message = what + ": " + error.message;
  return error;
}

}  // namespace coord

#define COORD_CONCAT_(a, b) a##b
#define COORD_CONCAT(a, b) COORD_CONCAT_(a, b)

// Returns from the enclosing function with the error of EXPR, if it has one.
#define COORD_TRY(expr)                                     \
  do {                                                      \
    if (auto coord_try = (expr); !coord_try) {              \
      return std::unexpected(std::move(coord_try).error()); \
    }                                                       \
  } while (false)

#define COORD_TRY_INTO_(tmp, decl, expr)                    \
  auto tmp = (expr);                                        \
  if (!tmp) return std::unexpected(std::move(tmp).error()); \
  decl = *std::move(tmp)

// The same, and declares or assigns DECL from the value otherwise: COORD_TRY_INTO(auto x, f());
#define COORD_TRY_INTO(decl, expr) COORD_TRY_INTO_(COORD_CONCAT(coord_try_, __LINE__), decl, expr)
