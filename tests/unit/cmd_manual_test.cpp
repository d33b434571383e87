#include <gtest/gtest.h>

#include <algorithm>

#include "cmd/cli/manual.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/cli/topics.hpp"
#include "cmd_tree.hpp"

namespace coord::cli {
namespace {

TEST(ManualText, HidesWhatIsForTheTestAlone) {
  const Blocks blocks =
      parse_manual("$ coord get a\n= 1\n% coord put a 1\n& true\n$ coord get a\n");
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].text, "$ coord get a\n$ coord get a");
}

TEST(ManualText, IsMdocWithNothingTakenForARequest) {
  EXPECT_EQ(mdoc_literal(".a 'b' -c \\n"), "\\&.a \\(aqb\\(aq \\-c \\en");
  EXPECT_EQ(mdoc_text("Use `--x`. Then …"), "Use \\fB\\-\\-x\\fR.\nThen \\[u2026]\n");
  EXPECT_EQ(mdoc_term("-n, --nonblock N"), "Fl n , Fl -nonblock Ar N");
}

TEST(ManualText, BreaksSpansOfCodeWithoutLosingThem) {
  const std::string text = mdoc_text(
      "A line that is long enough to be broken within `these words of "
      "code here` and that goes on.");
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_NE(text.find("\\fR\n\\fB"), std::string::npos);
}

TEST(ManualText, HasParagraphsAndLiteralLines) {
  EXPECT_EQ(to_mdoc(parse_manual("# FILES\nOne.\n\nTwo.\n\n  as is\n")),
            ".Sh FILES\nOne.\n.Pp\nTwo.\n.Bd -literal -offset indent\nas is\n.Ed\n");
  EXPECT_EQ(to_plain(parse_manual("# FILES\nOne.\n\n  as is\n")), "FILES\n\nOne.\n\n  as is\n");
}

TEST(Manual, TellsOnlyTheStatusesThatACommandCanHave) {
  const WholeTree tree;
  const auto has = [&](const char* command, const std::string& number) {
    for (const auto& [status, text] : exit_statuses(tree.root.get_subcommand(command), {}))
      if (status == number) return true;
    return false;
  };
  EXPECT_TRUE(has("lock", "75"));
  EXPECT_TRUE(has("lock", "124"));
  EXPECT_TRUE(has("rwlock", "75"));  // of a command below it
  EXPECT_FALSE(has("get", "75"));
  EXPECT_FALSE(has("get", "124"));
  EXPECT_TRUE(has("get", "69"));
}

TEST(Manual, PutsAPagesOwnStatusesInTheirPlace) {
  const Items items = exit_statuses(nullptr, {{"1", "Nobody."}});
  EXPECT_EQ(items[1], (std::pair<std::string, std::string>("1", "Nobody.")));
}

TEST(Topics, AllHaveATextThatFitsATerminal) {
  for (const Topic& topic : topics()) {
    const std::string text = to_plain(completed(parse_manual(topic_text(topic.file))));
    EXPECT_GT(text.size(), 200U) << topic.name;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
      EXPECT_LE(end - begin, 86U) << text.substr(begin, end - begin);
  }
}

TEST(NoneOf, HasTheMeantOneAsItsHint) {
  EXPECT_EQ(none_of("--order", "descnd", {"ASCEND", "DESCEND"}).error().hint,
            "did you mean 'DESCEND'?");
  const Error error = none_of("--on", "x", {"queue", "drop"}).error();
  EXPECT_EQ(error.message, "--on: 'x' is none of queue, drop");
  EXPECT_EQ(error.hint, "");
  EXPECT_EQ(error.code, Code::usage);
}

}  // namespace
}  // namespace coord::cli
