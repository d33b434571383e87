// The text of a transaction: words, comparisons, requests, blocks.
#include <gtest/gtest.h>

#include "cmd/commands/keys/txn_compare.hpp"
#include "cmd/commands/keys/txn_request.hpp"
#include "cmd/commands/keys/txn_text.hpp"
#include "cmd/commands/keys/txn_words.hpp"

namespace coord::commands {
namespace {

using etcd::CompareResult;
using etcd::CompareTarget;
using Words = std::vector<std::string>;

template <typename T>
std::string why(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

Words words(const std::string& line) { return split_words(line).value_or(Words{"error"}); }

TEST(TxnWords, AreSplitAtBlanksAndQuoted) {
  EXPECT_EQ(words("put  a\tb"), (Words{"put", "a", "b"}));
  EXPECT_EQ(words(R"(put "a b" 'c d' 'e f')"), (Words{"put", "a b", "c d", "e f"}));
  EXPECT_EQ(words(R"("" '')"), (Words{"", ""}));
  EXPECT_EQ(words(R"(a"b c'd)"), (Words{"a\"b", "c'd"}));
  EXPECT_EQ(words(R"("a"b)"), (Words{"a", "b"}));
  EXPECT_EQ(words(R"('\n' `x)"), (Words{"\\n", "`x"}));
  EXPECT_EQ(words(" \t "), Words{});
}

TEST(TxnWords, KnowGosEscapes) {
  EXPECT_EQ(words(R"("\a\b\f\n\r\t\v\\\"")"), Words{"\a\b\f\n\r\t\v\\\""});
  EXPECT_EQ(words(R"("\x00\xff\101\u00e9\u20ac\U0001F600")"),
            Words{std::string("\0\xff"
                              "A\u00e9\u20ac\U0001F600",
                              12)});
  for (const char* bad : {R"("\q")", R"("\'")", R"("\x0")", R"("\xzz")", R"("\400")", R"("\08")",
                          R"("\ud800")", R"("\U00110000")", R"("\u12")", R"("\x-1")"}) {
    const auto split = split_words(bad);
    ASSERT_FALSE(split) << bad;
    EXPECT_EQ(split.error().code, Code::bad_data);
    EXPECT_TRUE(split.error().message.ends_with("is no escape")) << why(split);
  }
}

TEST(TxnWords, AQuoteWithoutEndIsRefused) {
  for (const char* bad : {R"(put a "b)", R"(put a 'b)", R"(put a "b\)", R"(")", R"(put a "b\")"}) {
    const auto split = split_words(bad);
    ASSERT_FALSE(split) << bad;
    EXPECT_TRUE(split.error().message.starts_with("a quote has no end")) << why(split);
  }
}

TEST(TxnCompare, KnowsEveryTargetAndOperator) {
  const auto compare = parse_compare(R"(mod("a b") > "12")");
  ASSERT_TRUE(compare) << why(compare);
  EXPECT_EQ(compare->key, "a b");
  EXPECT_EQ(compare->target, CompareTarget::mod);
  EXPECT_EQ(compare->result, CompareResult::greater);
  EXPECT_EQ(compare->number, 12);
  EXPECT_EQ(parse_compare(R"(ver("k") != "+3")")->number, 3);
  EXPECT_EQ(parse_compare(R"(version("k") < "-3")")->number, -3);
  EXPECT_EQ(parse_compare(R"(c("k") = "1")")->target, CompareTarget::create);
  EXPECT_EQ(parse_compare(R"(create("k") = "1")")->result, CompareResult::equal);
  EXPECT_EQ(parse_compare(R"(m("k") < "1")")->result, CompareResult::less);
  EXPECT_EQ(parse_compare(R"(val("k") != "x\ny")")->value, "x\ny");
  EXPECT_EQ(parse_compare(R"(value("k") = "")")->value, "");
  EXPECT_EQ(parse_compare(R"(lease("k") = "7b")")->number, 0x7b);
  EXPECT_EQ(parse_compare("val(`a\\n`) = `b`")->key, "a\\n");
}

TEST(TxnCompare, BlanksBetweenThePartsDoNotMatter) {
  for (const char* line : {R"(mod("k")="0")", R"( mod ( "k" ) =  "0" )", R"(mod("k") ="0")"}) {
    EXPECT_TRUE(parse_compare(line)) << line << why(parse_compare(line));
  }
}

TEST(TxnCompare, SaysWhatIsWrong) {
  const auto refusal = [](const char* line) { return why(parse_compare(line)); };
  EXPECT_EQ(refusal("bogus"), "no comparison: 'bogus'");
  EXPECT_EQ(refusal(R"(foo("k") = "1")"), "'foo' cannot be compared");
  EXPECT_EQ(refusal(R"(mod(k) = "1")"), "the key must stand in double quotes");
  EXPECT_EQ(refusal(R"(mod("k") = 1)"), "the value must stand in double quotes");
  EXPECT_EQ(refusal(R"(mod("k") = "abc")"), "'abc' is not a whole number");
  EXPECT_EQ(refusal(R"(mod("k") = "")"), "'' is not a whole number");
  EXPECT_EQ(refusal(R"(mod("k") = "+-1")"), "'+-1' is not a whole number");
  EXPECT_EQ(refusal(R"(mod("k") = "99999999999999999999")"),
            "'99999999999999999999' is not a whole number");
  EXPECT_EQ(refusal(R"(lease("k") = "xyz")"), "'xyz' is not a lease id");
  EXPECT_EQ(refusal(R"(mod("k" = "1")"), "no ) behind the key");
  for (const char* sign : {"==", "<=", ">=", "=!", "~", "<>"})
    EXPECT_EQ(refusal((std::string(R"(mod("k") )") + sign + R"( "1")").c_str()),
              "the operator is none of = != < >");
  EXPECT_EQ(refusal(R"(mod("k") = )"), "the value is missing");
  EXPECT_EQ(refusal(R"(mod()"), "the key is missing");
  EXPECT_EQ(refusal(R"(mod("k") = "1" or so)"), "surplus behind the value: 'or so'");
}

TEST(TxnRequest, TakesTheOptionsOfTheCommands) {
  const auto get = parse_request("get k --prefix --limit=3 --rev 7 --keys-only --sort-by=VERSION");
  ASSERT_TRUE(get) << why(get);
  const auto& range = std::get<etcd::RangeRequest>(*get);
  EXPECT_EQ(range.range_end, "l");
  EXPECT_EQ(range.limit, 3);
  EXPECT_EQ(range.revision, 7);
  EXPECT_TRUE(range.keys_only);
  const auto put = parse_request(R"(put --lease=7b --prev-kv k "a\x00b")");
  ASSERT_TRUE(put) << why(put);
  EXPECT_EQ(std::get<etcd::PutRequest>(*put).value, std::string("a\0b", 3));
  EXPECT_EQ(std::get<etcd::PutRequest>(*put).lease, 0x7b);
  EXPECT_TRUE(std::get<etcd::PutRequest>(*put).prev_kv);
  EXPECT_TRUE(std::get<etcd::PutRequest>(*parse_request("put k --ignore-value")).ignore_value);
  EXPECT_EQ(std::get<etcd::PutRequest>(*parse_request("put -- -k --v")).value, "--v");
  EXPECT_EQ(std::get<etcd::PutRequest>(*parse_request("put get put")).key, "get");
  const auto del = parse_request("del a c --prev-kv");
  ASSERT_TRUE(del) << why(del);
  EXPECT_EQ(std::get<etcd::DeleteRequest>(*del).range_end, "c");
}

TEST(TxnRequest, SaysWhatIsWrong) {
  const auto refusal = [](const char* line) {
    const auto request = parse_request(line);
    return request ? "no error"
                   : std::to_string(static_cast<int>(request.error().code)) + ' ' +
                         request.error().message;
  };
  const std::string bad = std::to_string(static_cast<int>(Code::bad_data)) + ' ';
  EXPECT_EQ(refusal("foo bar"), bad + "no request: 'foo bar'");
  EXPECT_EQ(refusal("put a"), bad + "put: VALUE is missing");
  EXPECT_EQ(refusal("put a b c"), bad + "put: one word too many: 'c'");
  EXPECT_EQ(refusal("get"), bad + "get: KEY is missing");
  EXPECT_EQ(refusal("get a --zz"), bad + "get: unknown option '--zz'");
  EXPECT_EQ(refusal("get a --order up"), bad + "get: --order: 'up' is none of ASCEND, DESCEND");
  EXPECT_EQ(refusal("put a b --lease zz"), bad + "put: 'zz' is not a lease id");
  EXPECT_EQ(refusal("del a --prefix --from-key"),
            bad + "del: --prefix and --from-key exclude each other");
  EXPECT_EQ(refusal("put --help"), bad + "put: no place to ask for help");
}

TEST(TxnText, ThreeBlocksEachWithAnEmptyLine) {
  TxnText text;
  for (const char* line : {R"(  mod("k") = "0")", "", "put k v", "get k", " \t", "del k", "\r"})
    ASSERT_TRUE(text.add(line)) << line;
  EXPECT_EQ(text.block(), TxnText::Block::done);
  EXPECT_TRUE(text.add("what follows is not looked at"));
  const auto txn = std::move(text).finish();
  ASSERT_TRUE(txn);
  EXPECT_EQ(txn->compares.size(), 1U);
  EXPECT_EQ(txn->success.size(), 2U);
  EXPECT_EQ(txn->failure.size(), 1U);
}

TEST(TxnText, NamesTheLine) {
  TxnText text;
  ASSERT_TRUE(text.add(""));
  ASSERT_TRUE(text.add("put k v"));
  const auto third = text.add("put k");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().message, "line 3: put: VALUE is missing");
  EXPECT_EQ(third.error().code, Code::bad_data);
}

TEST(TxnText, AnEndWithinABlockIsRefused) {
  TxnText text;
  ASSERT_TRUE(text.add(""));
  ASSERT_TRUE(text.add("put k v"));
  const auto txn = std::move(text).finish();
  ASSERT_FALSE(txn);
  EXPECT_EQ(txn.error().code, Code::bad_data);
  EXPECT_EQ(txn.error().message, "line 3: the text ends within the requests for success");
}

}  // namespace
}  // namespace coord::commands
