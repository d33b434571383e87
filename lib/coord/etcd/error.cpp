#include "coord/etcd/error.hpp"

#include <fmt/format.h>

#include <string_view>

namespace coord::etcd {
namespace {

struct Row {
  std::string_view text;  // found in etcd's message
  Code code;
  std::string_view hint;
};

// etcd's own words first: its status codes alone say too little.
constexpr Row kServerTexts[] = {
    {"required revision has been compacted", Code::compacted,
     "the oldest revision that is left can be read without --rev"},
    {"requested lease not found", Code::not_found,
     "it was revoked or has expired; 'coord lease list' shows the leases"},
    {"lease already exists", Code::bad_data, ""},
    {"permission denied", Code::denied,
     "ask an administrator to grant this user's role access to that key"},
    {"invalid auth token", Code::denied, ""},
    {"authentication failed", Code::denied, "check --user and the password"},
    {"user name is empty", Code::denied, "authentication is on: give --user NAME and a password"},
    {"user name not found", Code::denied, "authentication is on: give --user NAME and a password"},
    {"authentication is not enabled", Code::bad_data, ""},
    {"no leader", Code::unavailable, "a majority of the members must be up and see each other"},
    {"database space exceeded", Code::unavailable, "compact and defragment, then disarm the alarm"},
    {"too many requests", Code::unavailable, ""},
    {"request timed out", Code::unavailable, ""},
    {"key not found", Code::not_found, ""},
};

struct StatusRow {
  grpc::StatusCode status;
  Code code;
};

constexpr StatusRow kStatuses[] = {{grpc::StatusCode::INVALID_ARGUMENT, Code::bad_data},
                                   {grpc::StatusCode::OUT_OF_RANGE, Code::bad_data},
                                   {grpc::StatusCode::FAILED_PRECONDITION, Code::bad_data},
                                   {grpc::StatusCode::ALREADY_EXISTS, Code::bad_data},
                                   {grpc::StatusCode::RESOURCE_EXHAUSTED, Code::bad_data},
                                   {grpc::StatusCode::NOT_FOUND, Code::not_found},
                                   {grpc::StatusCode::PERMISSION_DENIED, Code::denied},
                                   {grpc::StatusCode::UNAUTHENTICATED, Code::denied},
                                   {grpc::StatusCode::UNAVAILABLE, Code::unavailable},
                                   {grpc::StatusCode::DEADLINE_EXCEEDED, Code::unavailable},
                                   {grpc::StatusCode::CANCELLED, Code::cancelled},
                                   {grpc::StatusCode::UNIMPLEMENTED, Code::bad_data},
                                   {grpc::StatusCode::ABORTED, Code::unavailable},
                                   {grpc::StatusCode::DATA_LOSS, Code::internal},
                                   {grpc::StatusCode::INTERNAL, Code::internal},
                                   {grpc::StatusCode::UNKNOWN, Code::unavailable}};

bool has(const grpc::Status& status, std::string_view text) {
  return status.error_message().find(text) != std::string::npos;
}

Code code_of(const grpc::Status& status) {
  for (const StatusRow& row : kStatuses) {
    if (row.status == status.error_code()) return row.code;
  }
  return Code::internal;
}

// gRPC wraps the cause: "failed to connect to all addresses; last error: UNKNOWN: ipv4:…:2379:
// CAUSE".
std::string last_cause(std::string text) {
  const std::size_t last = text.find("last error: ");
  if (last == std::string::npos) return text;
  text.erase(0, last + 12);
  for (const std::string_view opening : {"UNKNOWN: ", "UNAVAILABLE: ", "INTERNAL: "}) {
    if (text.starts_with(opening)) text.erase(0, opening.size());
  }
  const std::size_t address = text.find(": ");
  if (text.starts_with("ipv") || text.starts_with("unix:")) text.erase(0, address + 2);
  constexpr std::string_view kConnect = "Failed to connect to remote host: ";
  if (text.starts_with(kConnect)) text.erase(0, kConnect.size());
  return text;
}

}  // namespace

Error to_error(const grpc::Status& status, const std::string& what, const std::string& endpoint) {
  for (const Row& row : kServerTexts) {
    if (has(status, row.text)) {
      // Of several members some may be well.
      const bool whose = row.code == Code::unavailable && !endpoint.empty();
      const std::string by = whose ? "etcd at " + endpoint + ": " : "";
      return {row.code, fmt::format("{}: {}{}", what, by, status.error_message()),
              std::string(row.hint)};
    }
  }
  const Code code = code_of(status);
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return {code, fmt::format("{}: no answer from etcd at {}", what, endpoint),
            "'coord endpoint health' tells more"};
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return {code, fmt::format("{}: etcd at {}: {}", what, endpoint, status.error_message()),
            "this server is too old for it"};
  }
  if (code == Code::unavailable) {
    return {code,
            fmt::format("{}: etcd at {}: {}", what, endpoint, last_cause(status.error_message())),
            ""};
  }
  return {code, fmt::format("{}: {}", what, status.error_message()), ""};
}

bool is_no_leader(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         has(status, "etcdserver: no leader");
}

bool is_unhealthy(const grpc::Status& status) { return has(status, "unhealthy cluster"); }

bool is_learner(const grpc::Status& status) { return has(status, "not supported for learner"); }

bool is_bad_token(const grpc::Status& status) {
  return has(status, "invalid auth token") || has(status, "revision of auth store is old");
}

bool is_never_sent(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         has(status, "failed to connect to all addresses");
}

bool is_not_lessor(const grpc::Status& status) { return has(status, "not a primary lessor"); }

Error no_answer(const std::string& endpoint) {
  return {
      Code::unavailable, fmt::format("cannot reach etcd at {}: no answer", endpoint),
      "is that the client port of a running etcd? a firewall or a stopped server looks like this"};
}

Error connect_error(const grpc::Status& status, const std::string& endpoint, bool tls) {
  const std::string cause = last_cause(status.error_message());
  const std::string message = fmt::format("cannot reach etcd at {}: {}", endpoint, cause);
  if (cause.find("CERTIFICATE_VERIFY_FAILED") != std::string::npos ||
      cause.find("certificate verify failed") != std::string::npos) {
    return {Code::config,
            fmt::format("cannot trust etcd at {}: its certificate does not verify", endpoint),
            "check --cacert (and --server-name, if the certificate is for another name)"};
  }
  if (cause.find("is not in peer certificate") != std::string::npos) {
    return {Code::config,
            fmt::format("cannot trust etcd at {}: its certificate is for another name", endpoint),
            "reach it by a name in its certificate, or give that with --server-name"};
  }
  if (tls && cause.find("andshake") != std::string::npos) {
    return {Code::config, message, "does the server speak TLS, and does it want --cert and --key?"};
  }
  if (cause.find("refused") != std::string::npos ||
      cause.find("No such file") != std::string::npos) {
    return {
        Code::unavailable, message,
        "is etcd running there? set --endpoints or COORD_ENDPOINTS, or try 'coord local start'"};
  }
  if (cause.find("SETTINGS frame") != std::string::npos) return no_answer(endpoint);
  return {Code::unavailable, message,
          tls ? "does the server want --cert and --key?" : "does the server want https://?"};
}

}  // namespace coord::etcd
