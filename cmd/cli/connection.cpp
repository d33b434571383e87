#include "cmd/cli/connection.hpp"

#include <fmt/format.h>

#include <fstream>

#include "cmd/cli/local_paths.hpp"
#include "cmd/cli/terminal.hpp"
#include "coord/base/duration.hpp"

namespace coord::cli {
namespace {

Result<std::string> read_password(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) && line.empty()) {
    return fail(Code::config, fmt::format("cannot read a password from '{}'", path));
  }
  return line;
}

Result<> find_password(const Globals& globals, etcd::Options& options) {
  if (options.user.empty() || !options.password.empty()) return {};
  if (!globals.password_file.empty()) {
    COORD_TRY_INTO(options.password, read_password(globals.password_file));
  } else {
    COORD_TRY_INTO(options.password, ask_secret(fmt::format("Password of {}: ", options.user)));
  }
  return {};
}

Result<> discover(const Globals& globals, Connection& connection) {
  etcd::Options& options = connection.options;
  COORD_TRY_INTO(options.endpoints,
                 etcd::discover_srv(globals.discovery_srv, globals.discovery_srv_name));
  if (globals.insecure_discovery) return {};
  const auto plain = [](const std::string& endpoint) { return endpoint.starts_with("http:"); };
  if (const auto dropped = std::erase_if(options.endpoints, plain); dropped > 0) {
    connection.note = fmt::format("left out {} endpoint(s) without TLS that DNS lists for {}",
                                  dropped, globals.discovery_srv);
  }
  if (options.endpoints.empty()) {
    return fail(Code::unavailable,
                fmt::format("DNS lists no endpoint with TLS for {}", globals.discovery_srv));
  }
  if (options.tls.server_name.empty()) options.tls.server_name = globals.discovery_srv;
  return {};
}

}  // namespace

std::string default_endpoint() {
  return local_is_running() ? "unix://" + local_socket() : "127.0.0.1:2379";
}

Result<Connection> resolve_connection(const Globals& globals) {
  Connection connection{globals.connection, {}};
  etcd::Options& options = connection.options;
  COORD_TRY(find_password(globals, options));
  if (!globals.discovery_srv.empty()) {
    COORD_TRY(discover(globals, connection));
  } else if (options.endpoints.empty()) {
    options.endpoints = {default_endpoint()};
  }
  return connection;
}

std::vector<std::pair<std::string, std::string>> as_variables(const etcd::Options& options,
                                                              Duration command_timeout,
                                                              bool with_password) {
  std::vector<std::pair<std::string, std::string>> variables;
  const auto add = [&](std::string_view setting, const std::string& value) {
    if (!value.empty()) variables.emplace_back(variable_name("COORD_", setting), value);
  };
  add("endpoints", join_csv(options.endpoints));
  variables.emplace_back("COORD_DISCOVERY_SRV", "");  // the endpoints are what DNS said
  add("namespace", options.name_space);
  add("command-timeout", format_duration(command_timeout));
  add("dial-timeout", format_duration(options.dial_timeout));
  add("cacert", options.tls.ca_file);
  add("cert", options.tls.cert_file);
  add("key", options.tls.key_file);
  add("server-name", options.tls.server_name);
  add("insecure-transport", options.tls.required ? "false" : "");
  add("insecure-skip-tls-verify", options.tls.skip_verify ? "true" : "");
  add("user", options.user);
  if (with_password) add("password", options.password);
  return variables;
}

}  // namespace coord::cli
