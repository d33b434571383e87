// What etcd has to say for itself in its log: lines of JSON, or plain words where it gave up before
// it had a logger.
#pragma once

#include <string>

namespace coord::commands {

// Its last complaint, or else its last words; "it has left no word" for an empty or missing log.
std::string last_words(const std::string& log);

// The version that it said it was when it started; empty if it did not.
std::string logged_version(const std::string& log);

}  // namespace coord::commands
