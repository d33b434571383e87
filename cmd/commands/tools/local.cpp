#include "cmd/commands/tools/local.hpp"

#include "cmd/cli/define.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";
constexpr const char* kExamples =
    "coord local start\n"
    "coord lock backup -- ./backup.sh\n"
    "coord local run -- make check";

}  // namespace

void define_local(CLI::App& root, cli::Registry& registry) {
  CLI::App& local = cli::add_command(
      root, {"local", "Tools", "Starts and stops a private etcd for this user on this machine.",
             kExamples});
  registry.add(
      cli::add_command(local, {"start", kGroup, "Starts it, and prints its endpoint.",
                               "coord local start\ncoord local start && coord put greeting hello"}),
      {.run = run_local_start});
  registry.add(
      cli::add_command(local, {"stop", kGroup, "Stops it; its data stay for the next time.",
                               "coord local stop\ncoord local stop && coord local start"}),
      {.run = run_local_stop});
  registry.add(cli::add_command(
                   local, {"status", kGroup, "Says whether it runs, and where.",
                           "coord local status || coord local start\ncoord local status -w json"}),
               {.run = run_local_status, .formats = out::kRowFormats});
  CLI::App& run = cli::add_command(
      local, {"run", kGroup, "Runs a command with an empty etcd that goes when it ends.",
              "coord local run -- make check\ncoord local run"});
  cli::command(run);
  registry.add(run, {.run = run_local_run, .tail = cli::kCommandBehindMark});
}

}  // namespace coord::commands
