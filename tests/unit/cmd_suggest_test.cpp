#include <gtest/gtest.h>

#include "cmd/cli/suggest.hpp"

namespace coord::cli {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("get", "get"), 0U);
  EXPECT_EQ(edit_distance("", "get"), 3U);
  EXPECT_EQ(edit_distance("gt", "get"), 1U);
  EXPECT_EQ(edit_distance("gett", "get"), 1U);
  EXPECT_EQ(edit_distance("gat", "get"), 1U);
  EXPECT_EQ(edit_distance("gte", "get"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

struct Case {
  const char* word;
  const char* guess;  // null: none
};

TEST(Nearest, IsWithinTwoEditsOrAThirdOfTheWord) {
  const std::vector<std::string> commands{"get",    "put",        "del",         "lock",
                                          "unlock", "timetolive", "--write-out", "compaction"};
  for (const Case& each :
       {Case{"lok", "lock"}, Case{"loc", "lock"}, Case{"compact", "compaction"}, Case{"p", nullptr},
        Case{"getall", "get"}, Case{"gte", "get"}, Case{"delete", "del"}, Case{"x", nullptr},
        Case{"", nullptr}, Case{"unlok", "unlock"}, Case{"time2live", "timetolive"},
        Case{"--writeout", "--write-out"}, Case{"tmetolv", nullptr},
        Case{"quite-something-else", nullptr}}) {
    const auto guess = nearest(each.word, commands);
    EXPECT_EQ(guess.value_or("-"), each.guess ? each.guess : "-") << each.word;
  }
}

TEST(Nearest, KnowsWhatOtherToolsCallIt) {
  const std::vector<std::string> commands{"get", "put", "del", "lock", "elect"};
  for (const Case& each : {Case{"rm", "del"}, Case{"set", "put"}, Case{"ls", "get"},
                           Case{"acquire", "lock"}, Case{"campaign", "elect"}}) {
    EXPECT_EQ(nearest(each.word, commands), each.guess) << each.word;
  }
  EXPECT_EQ(nearest("rm", {"list", "keep"}), std::nullopt);
}

TEST(Nearest, OneEditIsNearerThanTheWordThatItBeginsWith) {
  const std::vector<std::string> words{"env", "environment", "lock", "locking", "start", "status"};
  for (const Case& each :
       {Case{"enviroment", "environment"}, Case{"enviromnent", "environment"},
        Case{"lockng", "locking"}, Case{"stat", "status"}, Case{"locked", "lock"}}) {
    EXPECT_EQ(nearest(each.word, words), each.guess) << each.word;
  }
}

TEST(Nearest, TakesTheFirstOfEquals) { EXPECT_EQ(nearest("bet", {"get", "let"}), "get"); }

}  // namespace
}  // namespace coord::cli
