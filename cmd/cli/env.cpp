#include "cmd/cli/env.hpp"

#include <cstdlib>

#include "cmd/cli/connection.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/report.hpp"
#include "coord/etcd/transport_log.hpp"

namespace coord::cli {

Env::Env(Globals globals, Child child, Streams streams)
    : globals_(std::move(globals)),
      child_(std::move(child)),
      streams_(streams),
      out_(streams.out),
      printer_(out::make_printer(globals_.format, out_, {.hex = globals_.hex})) {
  constexpr const char* kLog = "GRPC_VERBOSITY";  // gRPC reads it when it starts
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads yet
  if (globals_.debug) ::setenv(kLog, "debug", 0);
  if (process_variable(kLog) == nullptr) etcd::hide_transport_log();
}

Env::~Env() = default;

void Env::note(std::string_view text) {
  if (!globals_.quiet) write_line(streams_.err, text);
}

void Env::detail(std::string_view text) {
  if (globals_.verbose > 0) write_line(streams_.err, text);
}

bool Env::color() const { return wants_color(globals_.color, streams_.err); }

Result<etcd::Options> Env::connection() {
  if (!connection_) {
    COORD_TRY_INTO(auto resolved, resolve_connection(globals_));
    if (!resolved.note.empty()) note(resolved.note);
    connection_ = std::move(resolved.options);
  }
  return *connection_;
}

Result<etcd::Client*> Env::client() {
  if (!client_) {
    COORD_TRY_INTO(auto options, connection());
    COORD_TRY_INTO(client_, etcd::Client::open(std::move(options)));
    detail("etcd at " + client_->endpoints());
  }
  return client_.get();
}

Result<Env::Variables> Env::connection_variables(bool with_password) {
  COORD_TRY_INTO(const auto options, connection());
  auto variables = as_variables(options, globals_.command_timeout, with_password);
  // Another context must not fill in what this one has left open.
  if (!globals_.context.empty())
    variables.emplace_back(variable_name("COORD_", "context"), globals_.context);
  return variables;
}

}  // namespace coord::cli
