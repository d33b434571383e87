// Asking single members: which endpoints those are, all at once, and what is said of one that does
// not answer.
#pragma once

#include <algorithm>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/etcd/maintenance.hpp"

namespace coord::commands {

// The connection's endpoints; with CLUSTER instead the client URLs of all members, and the
// endpoint that was given where a member advertises none that can be used.
Result<std::vector<std::string>> member_endpoints(cli::Env& env, bool cluster);

// An error line on stderr, at once. Its exit status.
int tell_error(cli::Env& env, const std::string& what, const Error& error);

template <typename T>
struct Answer {
  std::string endpoint;
  Result<T> reply;
  Duration took;
};

// ASK with a client of ENDPOINT alone, within --command-timeout.
template <typename T>
Answer<T> ask_one(cli::Env& env, const etcd::Client& client, const std::string& endpoint,
                  const std::function<Result<T>(etcd::Client&, const Context&)>& ask) {
  const BootTime start = BootClock::now();
  auto only = etcd::client_of_one(client, endpoint);
  auto reply = only ? ask(**only, env.context()) : std::unexpected(only.error());
  return {endpoint, std::move(reply), BootClock::now() - start};
}

// All at the same time; the answers in the order of the endpoints.
template <typename T>
std::vector<Answer<T>> ask_each(
    cli::Env& env, const etcd::Client& client, const std::vector<std::string>& endpoints,
    const std::function<Result<T>(etcd::Client&, const Context&)>& ask) {
  std::vector<std::future<Answer<T>>> asked;
  asked.reserve(endpoints.size());
  for (const std::string& endpoint : endpoints)
    asked.push_back(
        std::async(std::launch::async, [&] { return ask_one<T>(env, client, endpoint, ask); }));
  std::vector<Answer<T>> answers;
  answers.reserve(asked.size());
  for (auto& each : asked) answers.push_back(each.get());
  return answers;
}

// Of a login that all have refused: it is no matter of a member, and is told once.
template <typename T>
Result<> check_login(const std::string& command, const std::vector<Answer<T>>& answers) {
  const bool refused =
      !answers.empty() && std::ranges::all_of(answers, [](const Answer<T>& answer) {
        return !answer.reply && etcd::is_refused_login(answer.reply.error());
      });
  if (!refused) return {};
  return std::unexpected(in_context(command, answers.front().reply.error()));
}

// RECORD_OF(endpoint, reply) of those that answered, as a list; then the errors of the others. The
// exit status.
template <typename T, typename RecordOf>
Result<int> show_each(cli::Env& env, const std::string& command,
                      const std::vector<Answer<T>>& answers, const RecordOf& record_of) {
  COORD_TRY(check_login(command, answers));
  env.printer().begin_list("");
  for (const Answer<T>& answer : answers) {
    if (answer.reply) env.printer().item(record_of(answer.endpoint, *answer.reply));
  }
  env.printer().end_list();
  int status = 0;
  for (const Answer<T>& answer : answers) {
    if (!answer.reply)
      status = tell_error(env, command + ": " + answer.endpoint, answer.reply.error());
  }
  return status;
}

}  // namespace coord::commands
