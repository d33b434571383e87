// Env: what a command gets from the program around it. Tests make one over pipes.
//
// Nothing here dials, and no gRPC object exists, until client() is called: a command that forks
// does so first. Before the fork it calls connection(), which asks for a password or for DNS if
// that is needed, so that both sides know the answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmd/cli/globals.hpp"
#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"

namespace coord::cli {

struct Streams {
  int in = 0;
  int out = 1;
  int err = 2;
};

class Env {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;
  using Child = std::optional<std::vector<std::string>>;

  explicit Env(Globals globals, Child child = {}, Streams streams = {});
  ~Env();
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;

  const Globals& globals() const { return globals_; }
  const Child& child() const { return child_; }  // CMD and its arguments, if the line has them
  const Streams& streams() const { return streams_; }

  // Data. The application flushes at the end, streams after each event.
  out::Writer& out() { return out_; }
  out::Printer& printer() { return *printer_; }  // in the format of -w, onto out()
  void print(const out::Record& record) { printer_->print(record); }

  // For people, a line each on stderr: note() is silenced by -q, detail() is heard with -v only.
  void note(std::string_view text);
  void detail(std::string_view text);
  // Colour the line for people? As --color, NO_COLOR and the terminal have it.
  bool color() const;

  // For one short call: ends after --command-timeout, or when stop() is pulled.
  Context context() const { return Context(stop_).at_most(globals_.command_timeout); }
  const std::stop_token& stop() const { return stop_; }
  void set_stop(std::stop_token stop) { stop_ = std::move(stop); }

  // Where the settings come from, and why the config file was left out, if it was. For commands
  // about the settings; null in tests.
  const Settings* settings() const { return settings_; }
  const std::optional<Error>& config_problem() const { return config_problem_; }
  void set_settings(const Settings& settings, std::optional<Error> config_problem) {
    settings_ = &settings;
    config_problem_ = std::move(config_problem);
  }

  // Everything that a client needs. May ask for a password on the terminal, read its file and look
  // into DNS; once.
  Result<etcd::Options> connection();
  // Opened by the first call, after connection(). Belongs to the Env.
  Result<etcd::Client*> client();
  // The connection for a child of ours, as COORD_… variables.
  Result<Variables> connection_variables(bool with_password);

 private:
  Globals globals_;
  Child child_;
  Streams streams_;
  const Settings* settings_ = nullptr;
  std::optional<Error> config_problem_;
  std::stop_token stop_;
  out::Writer out_;
  std::unique_ptr<out::Printer> printer_;
  std::optional<etcd::Options> connection_;
  std::unique_ptr<etcd::Client> client_;
};

}  // namespace coord::cli
