#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/argv.hpp"
#include "cmd/cli/define.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/cli/settings.hpp"

namespace coord::cli {
namespace {

// A tree with one command of each kind.
class Argv : public testing::Test {
 protected:
  Argv() {
    add_settings(root_);
    root_.require_subcommand(0, 1);
    CLI::App& put = add_command(root_, {"put", "Keys", "", ""});
    operand(put, "KEY", key_, "");
    operand(put, "VALUE", value_, "");
    flag(put, "--prev-kv", prev_, "");
    text(put, "--lease", lease_, "LEASE", "");
    add(put, kOperands);
    CLI::App& watch = add_command(root_, {"watch", "Keys", "", ""});
    operand(watch, "KEY", key_, "");
    operand(watch, "RANGE_END", value_, "");
    add(watch, kCommandBehindMark);
    CLI::App& lock = add_command(root_, {"lock", "Locks", "", ""});
    operands(lock, "LOCK", names_, "");
    duration(lock, "-t,--timeout", timeout_, "");
    repeatable(lock, "--meta", meta_, "NAME=VALUE", "");
    flag(lock, "-n,--nonblock", prev_, "");
    add(lock, kCommandBehindFirst);
    CLI::App& lease = add_command(root_, {"lease", "Keys", "", ""});
    CLI::App& grant = add_command(lease, {"grant", "Commands", "", ""});
    operand(grant, "TTL", lease_, "");
    add(grant, kOperands);
  }

  void add(const CLI::App& app, Tail tail) {
    registry_.add(app, {.run = [](Env&) { return Result<int>(0); }, .tail = tail});
  }

  // The words for CLI11, then what is left for CMD; or the error and its hint.
  std::string read(const std::vector<std::string>& args) {
    const auto words = read_words(root_, registry_, args);
    if (!words) return words.error().message + " | " + words.error().hint;
    std::string text = fmt::format("{}", fmt::join(words->parser, " "));
    if (words->child)
      text += fmt::format(" [{}]{}", fmt::join(*words->child, "|"), words->marked ? " marked" : "");
    return words->help ? text + " help" : text;
  }

  Result<> parse(const std::vector<std::string>& args) {
    auto words = read_words(root_, registry_, args);
    if (!words) return std::unexpected(words.error());
    return parse_words(root_, *words->command, words->parser);
  }

  CLI::App root_{"test", "coord"};
  Registry registry_;
  std::optional<std::string> key_;
  std::optional<std::string> value_;
  std::string lease_;
  std::vector<std::string> names_;
  std::vector<std::string> meta_;
  Duration timeout_{};
  bool prev_ = false;
};

TEST_F(Argv, PutsGlobalOptionsFirstAndOperandsLast) {
  EXPECT_EQ(read({"put", "k", "-w", "json", "v", "--prev-kv"}), "-w json put --prev-kv -- k v");
  EXPECT_EQ(read({"-wjson", "put", "k"}), "-w json put -- k");
  EXPECT_EQ(read({"put", "k", "-w=json"}), "-w json put -- k");
  EXPECT_EQ(read({"--write-out=json", "--hex=false", "put"}), "--write-out json --hex=false put");
  EXPECT_EQ(read({"put", "-qv", "k"}), "-q -v put -- k");
  EXPECT_EQ(read({"put", "-qwjson", "k"}), "-q -w json put -- k");
  EXPECT_EQ(read({"lease", "--hex", "grant", "5"}), "--hex lease grant -- 5");
}

TEST_F(Argv, AValueIsAWordOfItsOwnWhateverItLooksLike) {
  EXPECT_EQ(read({"put", "--lease", "--prev-kv"}), "put --lease --prev-kv");
  EXPECT_EQ(read({"put", "--lease=", "k"}), "put --lease  -- k");
  EXPECT_EQ(read({"put", "--lease", "--", "k"}), "put --lease -- -- k");
}

TEST_F(Argv, AMarkEndsTheOptionsOfACommandWithoutChild) {
  EXPECT_EQ(read({"put", "--", "-k", "--lease"}), "put -- -k --lease");
  EXPECT_EQ(read({"put", "k", "--", "--"}), "put -- k --");
  EXPECT_EQ(read({"put", "-"}), "put -- -");
  EXPECT_EQ(read({"put", "put", "lock"}), "put -- put lock");
}

TEST_F(Argv, WhatIsBehindAMarkIsTheChild) {
  EXPECT_EQ(read({"watch", "k", "--", "echo", "-n", "--", "x"}),
            "watch -- k [echo|-n|--|x] marked");
  EXPECT_EQ(read({"watch", "k", "end"}), "watch -- k end");
  EXPECT_EQ(read({"watch", "k", "--"}),
            "watch: no command behind '--' | usage: coord watch [KEY] [RANGE_END]");
}

TEST_F(Argv, TheSecondOperandOfLockBeginsTheChild) {
  EXPECT_EQ(read({"lock", "N"}), "lock -- =N");
  EXPECT_EQ(read({"lock", "N", "make", "-n", "--help"}), "lock -- =N [make|-n|--help]");
  EXPECT_EQ(read({"lock", "-t", "5s", "N", "make", "-t", "9"}), "lock -t 5s -- =N [make|-t|9]");
  EXPECT_EQ(read({"lock", "-t5s", "N", "sh", "-c", "exit 7"}), "lock -t 5s -- =N [sh|-c|exit 7]");
  EXPECT_EQ(read({"lock", "N", "-t", "5s", "make", "-t", "9"}), "lock -t 5s -- =N [make|-t|9]");
  EXPECT_EQ(read({"lock", "N", "-w", "json", "make"}), "-w json lock -- =N [make]");
}

TEST_F(Argv, BeforeAMarkEveryWordOfLockIsAName) {
  EXPECT_EQ(read({"lock", "A", "B", "--", "make", "--", "x"}), "lock -- =A =B [make|--|x] marked");
  EXPECT_EQ(read({"lock", "A", "-t", "5s", "B", "--", "make"}),
            "lock -t 5s -- =A =B [make] marked");
  EXPECT_EQ(
      read({"lock", "N", "sh", "-c", "x", "--", "y"}),
      "lock: unknown option '-c' | if it belongs to CMD, put '--' before CMD: coord lock … -- CMD");
}

TEST_F(Argv, AMarkThatIsAValueIsNoMark) {
  EXPECT_EQ(read({"lock", "N", "make", "-t", "--"}), "lock -- =N [make|-t|--]");
}

TEST_F(Argv, HelpIsSeenBeforeTheChildOnly) {
  EXPECT_EQ(read({"lock", "--help"}), "lock help");
  EXPECT_EQ(read({"put", "-h", "a", "b", "c", "d"}), "put -- a b c d help");
  EXPECT_EQ(read({"--help"}), " help");
  EXPECT_EQ(read({"put", "--", "--help"}), "put -- --help");
}

TEST_F(Argv, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(read({"lok"}), "unknown command 'lok' | did you mean 'lock'?");
  EXPECT_EQ(read({"frobnicate", "x"}),
            "unknown command 'frobnicate' | 'coord help' lists the commands");
  EXPECT_EQ(read({"lease", "grnt"}), "lease: unknown command 'grnt' | did you mean 'grant'?");
  EXPECT_EQ(read({"lease", "zzzzzzzz"}), "lease: unknown command 'zzzzzzzz' | its commands: grant");
  EXPECT_EQ(read({"set", "k", "v"}), "unknown command 'set' | did you mean 'put'?");
  EXPECT_EQ(read({"put", "-lease", "1"}), "put: unknown option '-lease' | did you mean '--lease'?");
  EXPECT_EQ(read({"put", "-lease=1"}), "put: unknown option '-lease' | did you mean '--lease'?");
  EXPECT_EQ(read({"-V"}), "unknown option '-V' | did you mean '--version'?");
  EXPECT_EQ(read({"put", "--leese", "1"}),
            "put: unknown option '--leese' | did you mean '--lease'?");
  EXPECT_EQ(read({"put", "--endpoint=x"}),
            "put: unknown option '--endpoint' | did you mean '--endpoints'?");
  EXPECT_EQ(read({"put", "-5"}),
            "put: unknown option '-5' | 'coord put --help' lists them; '--' ends the options");
  EXPECT_EQ(read({"--prev-kv", "put"}),
            "unknown option '--prev-kv' | the options of a command stand behind its name");
  EXPECT_EQ(read({"put", "--xy", "1"}),
            "put: unknown option '--xy' | 'coord put --help' lists them; '--' ends the options");
}

TEST_F(Argv, NamesWhatIsMissingOrTooMuch) {
  EXPECT_EQ(read({"put", "--lease"}), "--lease needs a value, LEASE | ");
  EXPECT_EQ(read({"put", "-w"}), "-w needs a value, FORMAT | ");
  EXPECT_EQ(read({"put", "--prev-kv="}), "--prev-kv: nothing behind the '=' | ");
  EXPECT_EQ(read({"put", "a", "b", "c"}),
            "put: one word too many: 'c' | usage: coord put [OPTIONS] [KEY] [VALUE]");
}

TEST_F(Argv, EveryOperandArrivesAsItWas) {
  for (const char* word : {"", "[a,b]", "[]", "{}", "a,b", "--x", "-5", "put", "lock", "%%", "++",
                           "=x", "\xff\x01", " "}) {
    ASSERT_TRUE(parse({"put", "--", word, word})) << word;
    EXPECT_EQ(key_, word);
    EXPECT_EQ(value_, word);
    names_.clear();
    ASSERT_TRUE(
        parse({"lock", word[0] == '-' ? "x" : word, word[0] == '-' ? "x" : word, "--", "cmd"}))
        << word;
    EXPECT_EQ(names_, std::vector<std::string>(2, word[0] == '-' ? "x" : word));
  }
}

TEST_F(Argv, EveryValueArrivesAsItWas) {
  // "{}" is an empty list to CLI11, "%%" the mark that its newer versions put behind one.
  for (const char* word : {"", "[a,b]", "{}", "%%", "a,b", "--prev-kv", "-5", "put", "--"}) {
    ASSERT_TRUE(parse({"put", "--lease", word, "k"})) << word;
    EXPECT_EQ(lease_, word);
    ASSERT_TRUE(parse({"put", std::string("--lease=") + word, "k"})) << word;
    EXPECT_EQ(lease_, word);
    EXPECT_EQ(key_, "k");
    ASSERT_TRUE(parse({"lock", "--meta", word, "x"})) << word;
    EXPECT_EQ(meta_, std::vector<std::string>{word});
    ASSERT_TRUE(parse({"lock", "--meta", word, "--meta", "%%", "x"})) << word;
    EXPECT_EQ(meta_, (std::vector<std::string>{word, "%%"}));
  }
}

TEST_F(Argv, TheLastOfRepeatedOptionsCounts) {
  ASSERT_TRUE(parse({"put", "--lease", "1", "--lease", "2", "--prev-kv", "--prev-kv=false"}));
  EXPECT_EQ(lease_, "2");
  EXPECT_FALSE(prev_);
}

TEST_F(Argv, SaysWhichValueCannotBeUsed) {
  const auto bad_flag = parse({"put", "--prev-kv=maybe"});
  EXPECT_EQ(bad_flag.error().message, "put: --prev-kv: 'maybe' is not true or false");
  const auto bad_span = parse({"lock", "--timeout", "soon", "N"});
  EXPECT_EQ(bad_span.error().message, "lock: --timeout: 'soon' is not a duration");
  EXPECT_FALSE(bad_span.error().hint.empty());
  const auto missing = parse({"lease", "grant"});
  EXPECT_EQ(missing.error().message, "lease grant: TTL is missing");
  EXPECT_EQ(missing.error().code, Code::usage);
}

}  // namespace
}  // namespace coord::cli
