#include "cmd/commands/tools/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/tools/doctor_findings.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr Duration kTtl = 15s;  // of `lock` and its relatives

const char* level_name(Level level) {
  if (level == Level::ok) return "ok";
  return level == Level::warning ? "warning" : "problem";
}

void print(cli::Env& env, const Finding& finding) {
  out::Record record;
  record.add("level", "Level", out::Text{level_name(finding.level)})
      .add("about", "About", out::Text{finding.about})
      .add("message", "Message", out::Readable{finding.message})
      .add("mend", "Mend", out::Readable{finding.mend});
  record.line(fmt::format("{:<8} {}: {}", level_name(finding.level), finding.about,
                          printable(finding.message)));
  if (!finding.mend.empty()) record.line("         mend: " + printable(finding.mend));
  env.print(record);
}

void examine(const DoctorOptions& options, cli::Env& env, Findings& findings) {
  examine_surroundings(env, findings);
  const auto client = env.client();
  if (!client) {
    findings.push_back({Level::problem, "settings", client.error().message, client.error().hint});
    return;
  }
  const recipe::Health health = recipe::look_at_health(**client, Context(env.stop()));
  examine_endpoints(env, (*client)->options(), health, findings);
  if (!health.newest) return;
  examine_cluster(health, findings);
  if (health.leader() != 0) examine_requests(env, **client, options.ttl.value_or(kTtl), findings);
}

}  // namespace

void define_doctor(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DoctorOptions>();
  CLI::App& app = cli::add_command(
      root, {"doctor", "Tools", "Says what is wrong between here and etcd, and how to mend it.",
             "coord doctor\n"
             "coord --context prod doctor\n"
             "coord doctor --ttl 3s\n"
             "coord doctor -w json | jq 'select(.level != \"ok\")'"});
  cli::duration(app, "--ttl", options->ttl, "is the network quick enough for leases of this (15s)");
  registry.add(app, {.run = [options](cli::Env& env) { return run_doctor(*options, env); },
                     .mends_settings = true});
}

Result<int> run_doctor(const DoctorOptions& options, cli::Env& env) {
  if (options.ttl && *options.ttl < 1s)
    return fail(Code::usage, "--ttl must be at least one second");
  Findings findings;
  examine(options, env, findings);
  for (const Finding& finding : findings) print(env, finding);
  const bool well = std::ranges::none_of(
      findings, [](const Finding& one) { return one.level == Level::problem; });
  return well ? cli::kDone : cli::kNo;
}

}  // namespace coord::commands
