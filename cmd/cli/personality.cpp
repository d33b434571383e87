#include "cmd/cli/personality.hpp"

#include <array>

#include "cmd/cli/etcdctl_status.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "coord/base/bytes.hpp"

namespace coord::cli {
namespace {

// A word is looked for among these alone, whatever else coord has: "pu" is put, not publish.
constexpr auto kCommands = std::to_array<std::string_view>(
    {"alarm",    "auth",        "check",    "compaction",  "completion", "defrag",
     "del",      "elect",       "endpoint", "get",         "help",       "lease",
     "lock",     "make-mirror", "member",   "move-leader", "put",        "role",
     "snapshot", "txn",         "user",     "version",     "watch"});

int own_status(const Failure& failure) { return exit_code(failure.error.code); }

int own_result(std::string_view /*command*/, int status) { return status; }

// The server's words alone, as scripts look for them; those of a watch stand in brackets.
std::string_view server_words(std::string_view message) {
  const auto begin = message.find("etcdserver: ");
  if (begin == std::string_view::npos) return message;
  const bool within = message.substr(0, begin).contains('(') && message.ends_with(')');
  if (within) message.remove_suffix(1);
  return message.substr(begin);
}

std::string etcdctl_text(const Error& error, bool /*color*/) {
  return "Error: " + printable(server_words(error.message));
}

}  // namespace

const Personality& personality_of(std::string_view program) {
  static const Personality kCoord{"coord", format_error, own_status, own_result, {}, false};
  static const Personality kEtcdctl{"etcdctl",      etcdctl_text, etcdctl_status,
                                    etcdctl_result, kCommands,    true};
  const std::string_view name = program.substr(program.rfind('/') + 1);  // npos + 1 is 0
  return name == "etcdctl" ? kEtcdctl : kCoord;
}

}  // namespace coord::cli
