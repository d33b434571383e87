#include "coord/base/version.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/tools/version.hpp"

namespace coord::commands {
namespace {

constexpr const char* kApiVersion = "3.6";  // of etcd, whose messages this build knows

}  // namespace

void define_version(CLI::App& root, cli::Registry& registry) {
  CLI::App& app = cli::add_command(
      root, {"version", "Tools", "Prints the version of coord and of the etcd API it speaks.",
             "coord version\ncoord version -w json"});
  registry.add(app, {.run = run_version, .formats = out::kRowFormats, .mends_settings = true});
}

Result<int> run_version(cli::Env& env) {
  out::Record record;
  record.add("version", "Version", out::Text{version()});
  record.add("api_version", "APIVersion", out::Text{kApiVersion});
  record.line(std::string("coord version: ") + version());
  record.line(std::string("API version: ") + kApiVersion);
  env.print(record);
  return 0;
}

}  // namespace coord::commands
