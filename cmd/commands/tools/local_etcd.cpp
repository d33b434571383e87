#include "cmd/commands/tools/local_etcd.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "cmd/commands/tools/local_image.hpp"
#include "cmd/commands/tools/local_log.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/program.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr const char* kClient = "client:0";
constexpr const char* kPeer = "peer:0";
constexpr Duration kLookAgain = 5ms;
constexpr Duration kOneTry = 500ms;

Result<std::string> find_program(const std::vector<std::string>& environment) {
  for (const std::string& path : proc::program_paths("etcd", environment)) {
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return fail(Code::unavailable, "etcd is not installed: no directory in PATH has it",
              "install etcd-server");
}

// Neither etcd's own settings nor what coord and etcdctl know about other clusters.
std::vector<std::string> environment_for_etcd() {
  std::vector<std::string> variables = proc::Environment(environ).list();
  std::erase_if(variables, [](const std::string& variable) {
    if (variable.starts_with("ETCD_UNSUPPORTED_ARCH=")) return false;
    return variable.starts_with("ETCD_") || variable.starts_with("ETCDCTL_") ||
           variable.starts_with("COORD_");
  });
  return variables;
}

std::vector<std::string> words_for(const LocalPlaces& places, EtcdLife life) {
  const std::string client = fmt::format("unix://{}", kClient);
  const std::string peer = fmt::format("unix://{}", kPeer);
  std::vector<std::string> words{"etcd", "--name", "local", "--data-dir", places.data()};
  const auto add = [&words](const char* option, const std::string& value) {
    words.insert(words.end(), {option, value});
  };
  add("--listen-client-urls", client);
  add("--advertise-client-urls", client);
  add("--listen-peer-urls", peer);
  add("--initial-advertise-peer-urls", peer);
  add("--initial-cluster", "local=" + peer);
  add("--logger", "zap");
  if (life == EtcdLife::lasting) {
    // Nobody looks after it, so it must not fill up with the past.
    add("--auto-compaction-mode", "periodic");
    add("--auto-compaction-retention", "24h");
  } else {
    // It has nobody to hold an election with, and nothing to lose.
    add("--heartbeat-interval", "10");
    add("--election-timeout", "100");
    words.emplace_back("--unsafe-no-fsync");
  }
  return words;
}

bool is_there(const LocalPlaces& places) {
  return access((places.runtime + '/' + kClient).c_str(), F_OK) == 0;
}

}  // namespace

void remove_sockets(const LocalPlaces& places) {
  for (const char* name : {kClient, kPeer, "client.sock"}) {
    (void)unlink((places.runtime + '/' + name).c_str());
  }
}

Result<proc::Child> start_etcd(const LocalPlaces& places, EtcdLife life) {
  EtcdImage image;
  image.environment = environment_for_etcd();
  COORD_TRY_INTO(image.program, find_program(image.environment));
  image.words = words_for(places, life);
  image.folder = places.runtime;
  image.log = places.log();
  if (life == EtcdLife::lasting) image.record = places.record();
  remove_sockets(places);
  if (symlink(kClient, places.socket().c_str()) != 0)
    return std::unexpected(proc::os_error("cannot make '" + places.socket() + "'", errno));
  return fork_etcd(image);
}

Result<> ask_etcd(const Context& ctx, const LocalPlaces& places) {
  etcd::Options options;
  options.endpoints = {places.endpoint()};
  options.dial_timeout = kOneTry;
  COORD_TRY_INTO(const auto client, etcd::Client::open(options));
  const auto reply = etcd::Kv(*client).range(ctx, {.key = "coord", .keys_only = true});
  if (reply || reply.error().code == Code::denied) return {};  // a refusal is an answer too
  return std::unexpected(reply.error());
}

Result<> await_etcd(const Context& ctx, const LocalPlaces& places, proc::Child& etcd,
                    const std::function<bool()>& interrupted) {
  while (!ctx.expired()) {
    pollfd end{etcd.pidfd(), POLLIN, 0};
    COORD_TRY(proc::poll_until({&end, 1}, after(BootClock::now(), kLookAgain)));
    if (etcd.exited())
      return fail(Code::unavailable, "etcd has ended: " + last_words(places.log()));
    if (interrupted && interrupted()) return fail(Code::cancelled, "interrupted");
    if (is_there(places) && ask_etcd(ctx.at_most(kOneTry), places)) return {};
  }
  return fail(Code::unavailable, "etcd does not answer at " + places.endpoint());
}

}  // namespace coord::commands
