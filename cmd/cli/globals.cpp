#include "cmd/cli/globals.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/cli/color.hpp"
#include "cmd/cli/suggest.hpp"

namespace coord::cli {
namespace {

Result<std::string> text_or_empty(const Settings& settings, std::string_view name) {
  COORD_TRY_INTO(auto text, settings.text(name));
  return text.value_or("");
}

bool says_tls(const std::string& endpoint) {
  return endpoint.starts_with("https:") || endpoint.starts_with("unixs:");
}

Result<etcd::TlsOptions> resolve_tls(const Settings& settings,
                                     const std::vector<std::string>& endpoints) {
  etcd::TlsOptions tls;
  COORD_TRY_INTO(tls.ca_file, settings.file("cacert"));
  COORD_TRY_INTO(tls.cert_file, settings.file("cert"));
  COORD_TRY_INTO(tls.key_file, settings.file("key"));
  COORD_TRY_INTO(tls.server_name, text_or_empty(settings, "server-name"));
  COORD_TRY_INTO(const bool plain, settings.boolean("insecure-transport", true));
  COORD_TRY_INTO(const bool skip, settings.boolean("insecure-skip-tls-verify", false));
  tls.required = !plain;
  // By itself it switches nothing on, as in etcdctl.
  tls.skip_verify = skip && (tls.any() || std::ranges::any_of(endpoints, says_tls));
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    return fail(Code::config, "a client certificate needs both --cert and --key");
  }
  return tls;
}

// Of the three ways to give a password the best layer's counts; NAME:PASSWORD only where there is
// no other.
Result<> resolve_login(const Settings& settings, Globals& globals) {
  etcd::Options& options = globals.connection;
  COORD_TRY_INTO(options.user, text_or_empty(settings, "user"));
  COORD_TRY_INTO(options.password, text_or_empty(settings, "password"));
  COORD_TRY_INTO(globals.password_file, settings.file("password-file"));
  if (settings.is_of_other_login("password")) options.password.clear();
  if (settings.is_of_other_login("password-file")) globals.password_file.clear();
  if (settings.rank("password") <= settings.rank("password-file")) {
    globals.password_file.clear();
  } else {
    options.password.clear();
  }
  const auto colon = options.user.find(':');
  if (colon == std::string::npos || !options.password.empty() || !globals.password_file.empty())
    return {};
  options.password = options.user.substr(colon + 1);
  options.user.resize(colon);
  return {};
}

// DNS replaces a list of endpoints, but not one from a better layer.
Result<> resolve_endpoints(const Settings& settings, Globals& globals) {
  COORD_TRY_INTO(globals.connection.endpoints, settings.list("endpoints"));
  COORD_TRY_INTO(globals.discovery_srv, text_or_empty(settings, "discovery-srv"));
  COORD_TRY_INTO(globals.discovery_srv_name, text_or_empty(settings, "discovery-srv-name"));
  COORD_TRY_INTO(globals.insecure_discovery, settings.boolean("insecure-discovery", true));
  if (settings.rank("endpoints") < settings.rank("discovery-srv")) globals.discovery_srv.clear();
  if (!globals.discovery_srv.empty()) globals.connection.endpoints.clear();
  return {};
}

Result<> resolve_connection(const Settings& settings, Globals& globals) {
  etcd::Options& options = globals.connection;
  COORD_TRY(resolve_endpoints(settings, globals));
  COORD_TRY_INTO(options.tls, resolve_tls(settings, options.endpoints));
  COORD_TRY(resolve_login(settings, globals));
  COORD_TRY_INTO(options.name_space, text_or_empty(settings, "namespace"));
  COORD_TRY_INTO(options.dial_timeout, settings.duration("dial-timeout", options.dial_timeout));
  COORD_TRY_INTO(const Duration ping, settings.duration("keepalive-time", options.keepalive_time));
  options.keepalive_time =
      std::max(ping, options.keepalive_time);  // etcd hangs up on those who ping more often
  COORD_TRY_INTO(options.keepalive_timeout,
                 settings.duration("keepalive-timeout", options.keepalive_timeout));
  COORD_TRY_INTO(options.max_request_bytes,
                 settings.number("max-request-bytes", options.max_request_bytes));
  COORD_TRY_INTO(options.max_reply_bytes,
                 settings.number("max-recv-bytes", options.max_reply_bytes));
  COORD_TRY_INTO(globals.command_timeout,
                 settings.duration("command-timeout", globals.command_timeout));
  return {};
}

Result<Color> resolve_color(const Settings& settings) {
  COORD_TRY_INTO(const auto when, settings.text("color"));
  if (!when) return Color::automatic;
  if (const auto color = parse_color(*when)) return *color;
  return none_of("--color", *when, {"auto", "always", "never"});
}

Result<out::Format> resolve_format(const Settings& settings) {
  COORD_TRY_INTO(const bool json, settings.boolean("json", false));
  if (json) return out::Format::json;
  COORD_TRY_INTO(const auto name, settings.text("write-out"));
  if (!name) return out::Format::simple;
  if (const auto format = out::parse_format(*name)) return *format;
  return none_of("--write-out", *name, {"simple", "json", "fields", "table", "protobuf"});
}

}  // namespace

Result<Globals> resolve_globals(const Settings& settings) {
  Globals globals;
  COORD_TRY(resolve_connection(settings, globals));
  COORD_TRY_INTO(globals.format, resolve_format(settings));
  COORD_TRY_INTO(globals.hex, settings.boolean("hex", false));
  COORD_TRY_INTO(globals.quiet, settings.boolean("quiet", false));
  COORD_TRY_INTO(globals.debug, settings.boolean("debug", false));
  COORD_TRY_INTO(globals.color, resolve_color(settings));
  globals.verbose = settings.count("verbose");
  return globals;
}

}  // namespace coord::cli
