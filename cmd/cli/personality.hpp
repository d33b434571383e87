// Personality: how the program sounds, by the name that it was called by. One is chosen when it
// starts (app.cpp); commands know nothing of it. What goes to stdout is the same for all.
//
//   coord     "coord: WHAT FAILED: WHY", a hint, exit statuses of sysexits(3) and timeout(1), notes
//             and a waiting line, names of commands in full
//   etcdctl   "Error: " and the server's words where there are any, etcdctl's exit statuses, and
//   not
//             a word more; etcdctl's commands may be cut to a beginning that no other of them has
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "coord/base/result.hpp"

namespace coord::cli {

// What was being done when it went wrong.
enum class Stage { words, format, run };

struct Failure {
  const Error& error;
  Stage stage;
  std::string command;  // its path, "lease grant"; empty where none is known yet
};

struct Personality {
  std::string name;  // in usage lines
  std::string (*error_text)(const Error& error, bool color);
  int (*exit_status)(const Failure& failure);
  int (*result)(std::string_view command, int status);  // of one that has told its errors itself
  std::span<const std::string_view> abbreviated;        // commands that need not be written out
  bool terse;  // no notes, no colour; called without a command it shows how it is used, and is
               // content
};

// Of argv[0], with or without a folder.
const Personality& personality_of(std::string_view program);

}  // namespace coord::cli
