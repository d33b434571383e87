#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <map>

#include "cmd/cli/globals.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/cli/settings.hpp"

namespace coord::cli {
namespace {

using Variables = std::map<std::string, std::string>;

// What the globals are with these flags and variables.
Result<Globals> resolve(const std::vector<std::string>& flags, Variables variables = {}) {
  CLI::App root("test", "coord");
  add_settings(root);
  COORD_TRY(parse_words(root, root, flags));
  const Environment environment = [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return resolve_globals(Settings({flag_layer(root), variable_layer("COORD_", environment),
                                   variable_layer("ETCDCTL_", environment)}));
}

using Endpoints = std::vector<std::string>;

Endpoints endpoints(const std::vector<std::string>& flags, Variables variables = {}) {
  const auto globals = resolve(flags, std::move(variables));
  return globals ? globals->connection.endpoints : Endpoints{globals.error().message};
}

TEST(Csv, SplitsQuotesAndTrims) {
  EXPECT_EQ(split_csv("a:1,b:2"), (Endpoints{"a:1", "b:2"}));
  EXPECT_EQ(split_csv(" a , \"b,c\" ,, \"d\"\"e\""), (Endpoints{"a", "b,c", "d\"e"}));
  EXPECT_EQ(split_csv(""), Endpoints{});
  EXPECT_EQ(split_csv("\"a"), std::nullopt);
}

TEST(Csv, JoinsWhatItSplits) {
  for (const Endpoints& fields : {Endpoints{}, Endpoints{"a"}, Endpoints{"a", "b,c", "d"}}) {
    EXPECT_EQ(split_csv(join_csv(fields)), fields);
  }
}

TEST(Settings, FlagThenCoordThenEtcdctl) {
  EXPECT_EQ(endpoints({}), Endpoints{});
  EXPECT_EQ(endpoints({}, {{"ETCDCTL_ENDPOINTS", "c"}}), Endpoints{"c"});
  EXPECT_EQ(endpoints({}, {{"ETCDCTL_ENDPOINTS", "c"}, {"COORD_ENDPOINTS", "b"}}), Endpoints{"b"});
  EXPECT_EQ(endpoints({"--endpoints", "a"}, {{"COORD_ENDPOINTS", "b"}}), Endpoints{"a"});
  EXPECT_EQ(endpoints({}, {{"ETCDCTL_ENDPOINTS", "c"}, {"COORD_ENDPOINTS", ""}}), Endpoints{"c"});
}

TEST(Settings, RepeatedEndpointsAppend) {
  EXPECT_EQ(endpoints({"--endpoints", "a,b", "--endpoints", "c"}), (Endpoints{"a", "b", "c"}));
  EXPECT_EQ(endpoints({"--endpoints", "[::1]:2379"}), Endpoints{"[::1]:2379"});
  EXPECT_EQ(endpoints({"--endpoints", ""}),
            Endpoints{"--endpoints: '' is not a comma separated list"});
}

TEST(Settings, EverySettingHasItsVariables) {
  const auto globals = resolve({}, {{"COORD_COMMAND_TIMEOUT", "1m30s"},
                                    {"COORD_DIAL_TIMEOUT", "7"},
                                    {"ETCDCTL_KEEPALIVE_TIME", "20s"},
                                    {"COORD_KEEPALIVE_TIMEOUT", "500ms"},
                                    {"COORD_MAX_REQUEST_BYTES", "4096"},
                                    {"ETCDCTL_MAX_RECV_BYTES", "0"},
                                    {"COORD_NAMESPACE", "/team/"},
                                    {"ETCDCTL_WRITE_OUT", "json"},
                                    {"ETCDCTL_HEX", "true"},
                                    {"ETCDCTL_INSECURE_TRANSPORT", "false"},
                                    {"COORD_SERVER_NAME", "db"},
                                    {"COORD_COLOR", "never"},
                                    {"ETCDCTL_API", "3"}});
  ASSERT_TRUE(globals) << globals.error().message;
  using namespace std::chrono_literals;
  EXPECT_EQ(globals->command_timeout, 90s);
  EXPECT_EQ(globals->connection.dial_timeout, 7s);
  EXPECT_EQ(globals->connection.keepalive_time, 20s);
  EXPECT_EQ(globals->connection.keepalive_timeout, 500ms);
  EXPECT_EQ(globals->connection.max_request_bytes, 4096U);
  EXPECT_EQ(globals->connection.max_reply_bytes, 2147483647U);
  EXPECT_EQ(globals->connection.name_space, "/team/");
  EXPECT_EQ(globals->format, out::Format::json);
  EXPECT_TRUE(globals->hex);
  EXPECT_TRUE(globals->connection.tls.required);
  EXPECT_EQ(globals->connection.tls.server_name, "db");
  EXPECT_EQ(globals->color, Color::never);
}

TEST(Settings, FlagsOfLookAndSound) {
  const auto globals = resolve({"--json", "-q", "-v", "-v", "--hex=false"}, {{"COORD_HEX", "1"}});
  ASSERT_TRUE(globals);
  EXPECT_EQ(globals->format, out::Format::json);
  EXPECT_TRUE(globals->quiet);
  EXPECT_EQ(globals->verbose, 2);
  EXPECT_FALSE(globals->hex);
}

TEST(Settings, SomeHaveNoVariables) {
  EXPECT_EQ(variable_name("COORD_", "dial-timeout"), "COORD_DIAL_TIMEOUT");
  EXPECT_TRUE(has_variables("hex"));
  const auto globals =
      resolve({}, {{"COORD_QUIET", "1"}, {"ETCDCTL_VERBOSE", "1"}, {"COORD_JSON", "1"}});
  ASSERT_TRUE(globals);
  EXPECT_FALSE(globals->quiet);
  EXPECT_EQ(globals->verbose, 0);
  EXPECT_EQ(globals->format, out::Format::simple);
}

TEST(Settings, EtcdIsNotPingedTooOften) {
  EXPECT_EQ(resolve({"--keepalive-time", "2s"})->connection.keepalive_time,
            std::chrono::seconds{10});
}

struct BadCase {
  std::vector<std::string> flags;
  Variables variables;
  Code code;
  std::string message;
};

TEST(Settings, NamesTheSourceOfABadValue) {
  const std::vector<BadCase> cases{
      {{"--dial-timeout", "x"}, {}, Code::usage, "--dial-timeout: 'x' is not a duration"},
      {{},
       {{"COORD_DIAL_TIMEOUT", "x"}},
       Code::config,
       "COORD_DIAL_TIMEOUT: 'x' is not a duration"},
      {{}, {{"ETCDCTL_HEX", "maybe"}}, Code::config, "ETCDCTL_HEX: 'maybe' is not true or false"},
      {{"--max-recv-bytes", "-1"}, {}, Code::usage, "--max-recv-bytes: '-1' is not a number"},
      {{"-w", "yaml"},
       {},
       Code::usage,
       "--write-out: 'yaml' is none of simple, json, fields, table, protobuf"},
      {{"--color", "blue"}, {}, Code::usage, "--color: 'blue' is none of auto, always, never"},
      {{"--cert", ""}, {}, Code::usage, "--cert names no file"},
      {{"--cert", "c"}, {}, Code::config, "a client certificate needs both --cert and --key"},
  };
  for (const BadCase& each : cases) {
    const auto globals = resolve(each.flags, each.variables);
    ASSERT_FALSE(globals) << each.message;
    EXPECT_EQ(globals.error().message, each.message);
    EXPECT_EQ(globals.error().code, each.code) << each.message;
  }
}

TEST(Settings, SkippingVerificationDoesNotSwitchTlsOn) {
  EXPECT_FALSE(resolve({"--insecure-skip-tls-verify"})->connection.tls.any());
  EXPECT_TRUE(resolve({"--insecure-skip-tls-verify", "--endpoints", "https://a"})
                  ->connection.tls.skip_verify);
  EXPECT_TRUE(resolve({"--insecure-skip-tls-verify", "--cacert", "x"})->connection.tls.skip_verify);
}

TEST(Settings, AUserIsSplitOnlyWithoutAPassword) {
  const auto both = resolve({"--user", "ann:a:b"});
  EXPECT_EQ(both->connection.user, "ann");
  EXPECT_EQ(both->connection.password, "a:b");
  const auto given = resolve({"--user", "ann:x", "--password", "p"});
  EXPECT_EQ(given->connection.user, "ann:x");
  EXPECT_EQ(given->connection.password, "p");
  const auto file = resolve({"--user", "ann:x", "--password-file", "f"});
  EXPECT_EQ(file->connection.user, "ann:x");
  EXPECT_EQ(file->password_file, "f");
}

TEST(Settings, ABetterLayersWayToGiveThePasswordCounts) {
  const auto flag = resolve({"--password", "p"}, {{"COORD_PASSWORD_FILE", "f"}});
  EXPECT_EQ(flag->connection.password, "p");
  EXPECT_EQ(flag->password_file, "");
  const auto file = resolve({"--password-file", "f"}, {{"COORD_PASSWORD", "p"}});
  EXPECT_EQ(file->connection.password, "");
  EXPECT_EQ(file->password_file, "f");
}

TEST(Settings, DnsReplacesEndpointsOfItsOwnOrAWorseLayer) {
  EXPECT_EQ(endpoints({"--discovery-srv", "d", "--endpoints", "a"}), Endpoints{});
  EXPECT_EQ(endpoints({"--endpoints", "a"}, {{"ETCDCTL_DISCOVERY_SRV", "d"}}), Endpoints{"a"});
  EXPECT_EQ(endpoints({}, {{"COORD_DISCOVERY_SRV", "d"}, {"ETCDCTL_ENDPOINTS", "a"}}), Endpoints{});
}

}  // namespace
}  // namespace coord::cli
