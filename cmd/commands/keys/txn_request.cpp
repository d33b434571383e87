#include "cmd/commands/keys/txn_request.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/argv.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/commands/keys/del.hpp"
#include "cmd/commands/keys/get.hpp"
#include "cmd/commands/keys/put.hpp"
#include "cmd/commands/keys/range_query.hpp"
#include "cmd/commands/keys/txn_words.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

// The options of a get that apply to what is printed (--print-value-only, --must-exist) have no
// effect here, as in etcdctl.
struct Requests {
  Requests() {
    registry.add(add_get(root, get), {});
    registry.add(add_put(root, put), {});
    registry.add(add_del(root, del), {});
  }

  CLI::App root;
  cli::Registry registry;
  GetOptions get;
  PutOptions put;
  DelOptions del;
};

Result<etcd::Op> get_op(const Requests& requests) {
  COORD_TRY_INTO(auto request, range_query(requests.get));
  return request;
}

Result<etcd::Op> put_op(const Requests& requests) {
  COORD_TRY_INTO(auto given, resolve_key(requests.put.keys));
  if (!given.rest && !requests.put.ignore_value) return fail(Code::usage, "VALUE is missing");
  COORD_TRY_INTO(auto request, put_query(requests.put, std::move(given)));
  return request;
}

Result<etcd::Op> del_op(const Requests& requests) {
  COORD_TRY_INTO(auto request, del_query(requests.del));
  return request;
}

Result<etcd::Op> request_of(const std::vector<std::string>& words) {
  Requests requests;
  COORD_TRY_INTO(const auto read, cli::read_words(requests.root, requests.registry, words));
  if (read.help || read.version) return fail(Code::usage, "no place to ask for help");
  COORD_TRY(cli::parse_words(requests.root, *read.command, read.parser));
  const std::string name = read.command->get_name();
  if (name == "get") return get_op(requests);
  return name == "put" ? put_op(requests) : del_op(requests);
}

}  // namespace

Result<etcd::Op> parse_request(std::string_view line) {
  COORD_TRY_INTO(const auto words, split_words(line));
  if (words.empty() || (words[0] != "get" && words[0] != "put" && words[0] != "del")) {
    return fail(Code::bad_data, fmt::format("no request: {}", in_quotes(line)),
                "requests are get, put and del");
  }
  auto request = request_of(words);
  if (request) return request;
  Error error = std::move(request).error();
  error.code = Code::bad_data;
  if (!error.message.starts_with(words[0])) error = in_context(words[0], std::move(error));
  return std::unexpected(std::move(error));
}

}  // namespace coord::commands
