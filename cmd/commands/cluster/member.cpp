#include "cmd/commands/cluster/member.hpp"

#include <CLI/CLI.hpp>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/admin_words.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

void define_list(CLI::App& member, cli::Registry& registry) {
  const auto options = std::make_shared<MemberListOptions>();
  CLI::App& app = cli::add_command(member, {"list", kGroup, "Lists the members.",
                                            "coord member list\ncoord member list --json"});
  cli::text(app, "--consistency", options->consistency, "WHICH",
            "l: what the majority has agreed on; s: what the member that answers knows (l)");
  registry.add(app, {.run = [options](cli::Env& env) { return run_member_list(*options, env); },
                     .formats = out::kEveryFormat});
}

void define_add(CLI::App& member, cli::Registry& registry) {
  const auto options = std::make_shared<MemberAddOptions>();
  CLI::App& app =
      cli::add_command(member, {"add", kGroup, "Adds a member, and says how it is to be started.",
                                "coord member add m4 --peer-urls https://10.0.0.4:2380\n"
                                "coord member add m4 --peer-urls https://10.0.0.4:2380 --learner"});
  cli::operand(app, "NAME", options->name, "what it will be called");
  cli::text(app, "--peer-urls", options->peer_urls, "URL", "where it listens to other members")
      ->required();
  cli::flag(app, "--learner", options->learner, "without a vote, until it is promoted");
  registry.add(app, {.run = [options](cli::Env& env) { return run_member_add(*options, env); },
                     .formats = out::kMessageFormats});
}

using Run = Result<int> (*)(const MemberChangeOptions&, cli::Env&);

CLI::App& define_change(CLI::App& member, cli::Registry& registry, const cli::CommandText& text,
                        Run run, const std::shared_ptr<MemberChangeOptions>& options) {
  CLI::App& app = cli::add_command(member, text);
  cli::operand(app, "MEMBER", options->id, "as 'coord member list' has it");
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = out::kMessageFormats});
  return app;
}

}  // namespace

void define_member(CLI::App& root, cli::Registry& registry) {
  CLI::App& member = cli::add_command(
      root, {"member", "Cluster", "Lists the members of the cluster, and adds or removes some.",
             "coord member list\n"
             "coord member remove 984e88244e3bc66f"});
  define_list(member, registry);
  define_add(member, registry);
  const auto options = std::make_shared<MemberChangeOptions>();
  define_change(
      member, registry,
      {"remove", kGroup, "Removes a member.",
       "coord member remove 984e88244e3bc66f\ncoord member remove 984e88244e3bc66f -w json"},
      run_member_remove, options);
  CLI::App& update = define_change(
      member, registry,
      {"update", kGroup, "Changes where a member listens to the others.",
       "coord member update 984e88244e3bc66f --peer-urls https://10.0.0.4:2380\ncoord member "
       "update 984e88244e3bc66f --peer-urls https://a:2380,https://b:2380"},
      run_member_update, options);
  cli::text(update, "--peer-urls", options->peer_urls, "URL", "instead of the present ones")
      ->required();
  define_change(
      member, registry,
      {"promote", kGroup, "Gives a learner its vote.",
       "coord member promote 984e88244e3bc66f\ncoord member promote 984e88244e3bc66f -w json"},
      run_member_promote, options);
}

}  // namespace coord::commands
