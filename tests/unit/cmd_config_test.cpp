#include <gtest/gtest.h>

#include <map>

#include "cmd/cli/config_edit.hpp"
#include "cmd/cli/config_file.hpp"
#include "cmd/cli/context.hpp"
#include "cmd/cli/globals.hpp"

namespace coord::cli {
namespace {

constexpr const char* kPath = "/etc/x/config.toml";

std::string parse_error(const std::string& text) {
  const auto file = parse_config(kPath, text);
  return file ? "" : file.error().message;
}

// TEXT with one setting of the context "a" changed; the error's message where it cannot be.
std::string set(const std::string& text, const std::string& setting,
                const std::optional<std::string>& value, const std::string& context = "a") {
  const auto file = parse_config(kPath, text);
  if (!file) return file.error().message;
  const auto now = with_setting(*file, text, context, setting, value);
  return now ? *now : now.error().message;
}

std::string use(const std::string& text, const std::string& context) {
  const auto file = parse_config(kPath, text);
  if (!file) return file.error().message;
  const auto now = with_current(*file, text, context);
  return now ? *now : now.error().message;
}

TEST(ConfigFile, ReadsEachKindOfSetting) {
  const auto file = parse_config(kPath, R"(
context = "a"
[contexts.a]
endpoints = ["h:1", "with,comma"]
dial-timeout = 3
command-timeout = "1m"
hex = true
max-recv-bytes = 7
cacert = "ca.pem"
cert = "/abs.pem"
[contexts.b]
endpoints = "h:1,h:2"
)");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->current->words, std::vector<std::string>{"a"});
  const auto& a = file->contexts.at("a").settings;
  EXPECT_EQ(a.at("endpoints").words, (std::vector<std::string>{"h:1", "\"with,comma\""}));
  EXPECT_EQ(a.at("dial-timeout").words, std::vector<std::string>{"3"});
  EXPECT_EQ(a.at("hex").words, std::vector<std::string>{"true"});
  EXPECT_EQ(a.at("max-recv-bytes").words, std::vector<std::string>{"7"});
  EXPECT_EQ(a.at("cacert").words, std::vector<std::string>{"/etc/x/ca.pem"});
  EXPECT_EQ(a.at("cert").words, std::vector<std::string>{"/abs.pem"});
  EXPECT_EQ(file->contexts.at("b").settings.at("endpoints").words,
            std::vector<std::string>{"h:1,h:2"});
}

TEST(ConfigFile, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_EQ(parse_error("\n\nx = 1"), "/etc/x/config.toml:3: 'x' is unknown here");
  EXPECT_EQ(parse_error("[contexts.a]\nendpoint = 1"),
            "/etc/x/config.toml:2: there is no setting 'endpoint'");
  EXPECT_EQ(parse_error("[contexts.a]\ncontext = \"b\""),
            "/etc/x/config.toml:2: there is no setting 'context'");
  EXPECT_EQ(parse_error("[contexts.a]\nendpoints = []"),
            "/etc/x/config.toml:2: endpoints is not a list of texts");
  EXPECT_TRUE(parse_error("a = = 1").starts_with("/etc/x/config.toml:1: "));
  EXPECT_TRUE(parse_error("\n\xff").starts_with("/etc/x/config.toml:"));
}

TEST(ConfigFile, KnowsItsPasswords) {
  EXPECT_FALSE(parse_config(kPath, "[contexts.a]\nuser = \"u\"")->has_password());
  EXPECT_TRUE(parse_config(kPath, "[contexts.a]\nuser = \"u:p\"")->has_password());
  EXPECT_TRUE(parse_config(kPath, "[contexts.a]\npassword = \"p\"")->has_password());
}

TEST(ConfigEdit, ReplacesTheValueAlone) {
  EXPECT_EQ(set("[contexts.a]\n  user = \"é😀\"  # it\nhex = true\n", "user", "bob"),
            "[contexts.a]\n  user = \"bob\"  # it\nhex = true\n");
  EXPECT_EQ(set("[contexts.a]\nendpoints = [\n  \"x:1\", # one\n  \"y:1\",\n]\nhex = true\n",
                "endpoints", "z:1"),
            "[contexts.a]\nendpoints = [\"z:1\"]\nhex = true\n");
  EXPECT_EQ(set("[contexts.a]\r\nuser = \"x\"\r\n", "user", "y"),
            "[contexts.a]\r\nuser = \"y\"\r\n");
}

TEST(ConfigEdit, PutsANewLineBehindTheOthersOfItsContext) {
  EXPECT_EQ(set("[contexts.a]\n# why\n\n[contexts.b]\nuser = \"x\"\n", "user", "y"),
            "[contexts.a]\nuser = \"y\"\n# why\n\n[contexts.b]\nuser = \"x\"\n");
  EXPECT_EQ(set("[contexts.a]\nhex = true # on", "user", "y"),
            "[contexts.a]\nhex = true # on\nuser = \"y\"\n");
  EXPECT_EQ(set("", "user", "y", "it's"), "[contexts.\"it's\"]\nuser = \"y\"\n");
}

TEST(ConfigEdit, TakesALineOut) {
  EXPECT_EQ(set("[contexts.a]\nendpoints = [\n\"x:1\"]\nhex = true\n", "endpoints", std::nullopt),
            "[contexts.a]\nhex = true\n");
}

TEST(ConfigEdit, ChangesTheCurrentContext) {
  EXPECT_EQ(use("# c\n[contexts.a]\n", "a"), "context = \"a\"\n\n# c\n[contexts.a]\n");
  EXPECT_EQ(use("context='b' # c\n[contexts.a]\n", "a"), "context=\"a\" # c\n[contexts.a]\n");
}

TEST(ConfigEdit, LeavesAloneWhatItCannotChange) {
  const std::string refusal = "/etc/x/config.toml is written in a way that coord cannot change ";
  EXPECT_EQ(set("contexts = { a = { user = \"u\", hex = true } }\n", "user", std::nullopt),
            refusal + "'user' in");
  EXPECT_EQ(set("contexts.a.user = \"u\"\n", "hex", "true"), refusal + "'hex' in");
}

TEST(ConfigEdit, RefusesValuesOfAnotherKind) {
  EXPECT_TRUE(set("", "hex", "maybe").contains("is not true or false"));
  EXPECT_TRUE(set("", "dial-timeout", "soon").contains("dial-timeout"));
  EXPECT_TRUE(set("", "max-recv-bytes", "many").contains("is not a number"));
  EXPECT_TRUE(set("", "user", "\xff").contains("UTF-8"));
}

// A password of a context is for its own user.
TEST(ContextLayer, KeepsUserAndPasswordTogether) {
  const auto resolve = [](const std::string& user) {
    const auto flags = [user](std::string_view name) {
      return name == "user" && !user.empty() ? std::vector{user} : std::vector<std::string>{};
    };
    const auto context = [](std::string_view name) {
      if (name == "user") return std::vector<std::string>{"bob"};
      if (name == "password") return std::vector<std::string>{"secret"};
      return std::vector<std::string>{};
    };
    const auto spelling = [](std::string_view name) { return std::string(name); };
    return resolve_globals(
               Settings({{flags, spelling, Code::usage}, {context, spelling, Code::config, true}}))
        ->connection;
  };
  EXPECT_EQ(resolve("").password, "secret");
  EXPECT_EQ(resolve("alice").user, "alice");
  EXPECT_EQ(resolve("alice").password, "");
  EXPECT_EQ(resolve("alice:hers").password, "hers");
}

TEST(ConfigPath, FollowsItsVariables) {
  std::map<std::string, std::string> variables;
  const Environment environment = [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  EXPECT_EQ(own_config_path(environment), "");
  variables["HOME"] = "/home/u";
  EXPECT_EQ(own_config_path(environment), "/home/u/.config/coord/config.toml");
  variables["XDG_CONFIG_HOME"] = "not/absolute";
  EXPECT_EQ(own_config_path(environment), "/home/u/.config/coord/config.toml");
  variables["XDG_CONFIG_HOME"] = "/xdg";
  EXPECT_EQ(own_config_path(environment), "/xdg/coord/config.toml");
  variables["COORD_CONFIG"] = "mine";
  EXPECT_EQ(own_config_path(environment), "mine");
}

}  // namespace
}  // namespace coord::cli
