#include <gtest/gtest.h>

#include "cmd/commands/shared/item_lines.hpp"
#include "cmd_captured_env.hpp"

namespace coord::commands {
namespace {

using Items = std::vector<std::string>;

class ItemLinesTest : public testing::Test {
 protected:
  Items all(const std::string& text, char end = '\n') {
    EXPECT_EQ(::pwrite(file_.fd(), text.data(), text.size(), 0), std::ssize(text));
    ItemLines lines(file_.fd(), end);
    Items items;
    for (;;) {
      auto next = lines.next();
      if (!next) {
        error_ = next.error();
        return items;
      }
      if (next->empty()) return items;
      items.insert(items.end(), next->begin(), next->end());
    }
  }

  cli::Capture file_;
  Error error_;
};

TEST_F(ItemLinesTest, ALineIsAnItem) { EXPECT_EQ(all("a\nb c\n"), (Items{"a", "b c"})); }

TEST_F(ItemLinesTest, AnEmptyLineIsAnItemToo) { EXPECT_EQ(all("\n\na"), (Items{"", "", "a"})); }

TEST_F(ItemLinesTest, NothingIsNoItem) { EXPECT_EQ(all(""), Items{}); }

TEST_F(ItemLinesTest, NulEndsItemsWithNewlines) {
  EXPECT_EQ(all(std::string("a\nb\0\0c", 6), '\0'), (Items{"a\nb", "", "c"}));
}

TEST_F(ItemLinesTest, LinesGoOverTheEndOfARead) {
  const Items items{std::string(65535, 'a'), std::string(65536, 'b'), "", std::string(200000, 'c')};
  std::string text;
  for (const std::string& item : items) text += item + '\n';
  EXPECT_EQ(all(text), items);
}

TEST_F(ItemLinesTest, AnItemWithoutAnEndIsRefusedBeforeItFillsTheMemory) {
  EXPECT_EQ(all(std::string(17U << 20U, 'x')), Items{});
  EXPECT_EQ(error_.code, Code::bad_data);
}

}  // namespace
}  // namespace coord::commands
