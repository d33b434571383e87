#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cmd/cli/settings.hpp"

namespace coord::cli {
namespace {

constexpr const char* kEtcd = "Connection";
constexpr const char* kTls = "TLS";
constexpr const char* kLogin = "Login";
constexpr const char* kLook = "Output";

constexpr auto kSettings = std::to_array<Setting>({
    {"endpoints", "", Kind::list, "ENDPOINT", true, kEtcd,
     "where etcd listens, comma separated: HOST:PORT, https://…, unix:///PATH"},
    {"context", "", Kind::text, "CONTEXT", true, kEtcd,
     "settings to start from, of the config file (none: without it)"},
    {"namespace", "", Kind::text, "PREFIX", true, kEtcd, "puts every key and name under PREFIX"},
    {"command-timeout", "", Kind::duration, "DURATION", true, kEtcd,
     "how long a short command may take (5s)"},
    {"dial-timeout", "", Kind::duration, "DURATION", true, kEtcd,
     "how soon some endpoint must answer (1.8s)"},
    {"keepalive-time", "", Kind::duration, "DURATION", true, kEtcd,
     "time between pings of a quiet connection (10s, and no less)"},
    {"keepalive-timeout", "", Kind::duration, "DURATION", true, kEtcd,
     "how long to wait for the answer to a ping (6s)"},
    {"max-request-bytes", "", Kind::number, "N", true, kEtcd, "largest request to send (2 MiB)"},
    {"max-recv-bytes", "", Kind::number, "N", true, kEtcd, "largest reply to accept (2 GiB)"},
    {"discovery-srv", "d", Kind::text, "DOMAIN", true, kEtcd,
     "finds the endpoints in DNS, by SRV records of DOMAIN"},
    {"discovery-srv-name", "", Kind::text, "NAME", true, kEtcd,
     "service name suffix of those records"},
    {"insecure-discovery", "", Kind::boolean, "", true, kEtcd,
     "use http:// endpoints that DNS lists (true)"},
    {"cacert", "", Kind::text, "FILE", true, kTls, "CA certificates that servers are checked with"},
    {"cert", "", Kind::text, "FILE", true, kTls, "client certificate"},
    {"key", "", Kind::text, "FILE", true, kTls, "key of the client certificate"},
    {"server-name", "", Kind::text, "NAME", true, kTls, "name to find in the server's certificate"},
    {"insecure-transport", "", Kind::boolean, "", true, kTls,
     "=false: TLS for endpoints without a scheme too (true)"},
    {"insecure-skip-tls-verify", "", Kind::boolean, "", true, kTls,
     "accept any server certificate"},
    {"user", "", Kind::text, "USER", true, kLogin,
     "NAME, or NAME:PASSWORD, which others can see in ps"},
    {"password", "", Kind::text, "PASSWORD", true, kLogin,
     "better in a file, in COORD_PASSWORD or typed when asked"},
    {"password-file", "", Kind::text, "FILE", true, kLogin, "its first line is the password"},
    {"write-out", "w", Kind::text, "FORMAT", true, kLook,
     "simple, json, fields, table or protobuf (simple)"},
    {"json", "", Kind::boolean, "", false, kLook, "the same as -w json"},
    {"hex", "", Kind::boolean, "", true, kLook, "simple: keys and values as \\x66\\x6f"},
    {"quiet", "q", Kind::boolean, "", false, kLook, "no notes on stderr, only errors"},
    {"verbose", "v", Kind::count, "", false, kLook, "say what is being done"},
    {"color", "", Kind::text, "WHEN", true, kLook, "auto, always or never (auto)"},
    {"debug", "", Kind::boolean, "", true, kLook, "also what gRPC has to say"},
});

std::string option_names(const Setting& setting) {
  const std::string name = std::string("--") + setting.name;
  return *setting.letter == '\0' ? name : std::string("-") + setting.letter + ',' + name;
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

bool has_variables(std::string_view setting) {
  const auto found = std::ranges::find(kSettings, setting, &Setting::name);
  return found != kSettings.end() && found->variable;
}

void add_settings(CLI::App& root) {
  const auto keep = [](const CLI::results_t&) {
    return true;
  };  // flag_layer() reads the words themselves
  for (const Setting& setting : settings()) {
    const bool value = setting.kind != Kind::boolean && setting.kind != Kind::count;
    const std::string help = setting.help;  // const: else it is taken for a target
    CLI::Option* option =
        value ? root.add_option(option_names(setting), keep, help)->type_name(setting.placeholder)
              : root.add_flag(option_names(setting), help);
    option->group(setting.group)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

}  // namespace coord::cli
