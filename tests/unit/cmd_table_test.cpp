#include <gtest/gtest.h>

#include "cmd/out/cells.hpp"
#include "cmd/out/format.hpp"
#include "cmd/out/width.hpp"
#include "cmd_captured_env.hpp"

namespace coord::out {
namespace {

std::string table(const std::vector<Record>& records) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  const auto printer = make_printer(Format::table, writer, {});
  for (const Record& record : records) printer->print(record);
  printer->finish();
  EXPECT_TRUE(writer.flush());
  return capture.text();
}

Record holder(std::string name, std::string user, std::int64_t pid) {
  Record record;
  record.add("name", "Name", Readable{std::move(name)});
  record.add("holder", "", Fields{{"user", "User", Readable{std::move(user)}}, {"pid", "", pid}});
  return record;
}

TEST(Table, HasALineARecordAndNumbersAtTheRight) {
  EXPECT_EQ(table({holder("backup", "root", 7), holder("web", "www-data", 4711)}),
            "+--------+----------+------+\n"
            "|  NAME  |   USER   | PID  |\n"
            "+--------+----------+------+\n"
            "| backup | root     |    7 |\n"
            "| web    | www-data | 4711 |\n"
            "+--------+----------+------+\n");
}

TEST(Table, LooksLikeEtcdctlsWhereTheRowsAreGiven) {
  Record record;
  record.row({{"ENDPOINT", "127.0.0.1:2379"}, {"DB SIZE", "84 MB"}, {"IS LEADER", "true"}});
  EXPECT_EQ(table({record}),
            "+----------------+---------+-----------+\n"
            "|    ENDPOINT    | DB SIZE | IS LEADER |\n"
            "+----------------+---------+-----------+\n"
            "| 127.0.0.1:2379 |   84 MB |      true |\n"
            "+----------------+---------+-----------+\n");
}

TEST(Table, OfNothingIsNothing) { EXPECT_EQ(table({}), ""); }

TEST(Table, LeavesACellEmptyWhereARecordLacksTheColumn) {
  Record late;
  late.add("name", "", Text{"x"}).add("raft_term", "", std::int64_t{2});
  Record early;
  early.add("name", "", Text{"yy"});
  EXPECT_EQ(table({early, late}),
            "+------+-----------+\n"
            "| NAME | RAFT TERM |\n"
            "+------+-----------+\n"
            "| yy   |           |\n"
            "| x    |         2 |\n"
            "+------+-----------+\n");
}

TEST(Width, WhatFitsEndsBeforeASignThatDoesNot) {
  EXPECT_EQ(fitting("你好", 3), "你");
  EXPECT_EQ(fitting("grün", 3), "grü");
  EXPECT_EQ(fitting("e\u0301x", 1), "e\u0301");
  EXPECT_EQ(fitting("abc", 9), "abc");
  EXPECT_EQ(fitting("a\xff.", 2), "a\xff");
  EXPECT_EQ(fitting("", 0), "");
}

TEST(Table, CountsColumnsOfTheTerminalAndShowsControlBytes) {
  EXPECT_EQ(display_width("grün"), 4U);
  EXPECT_EQ(display_width("你好"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width(""), 0U);
  Record record;
  record.add("key", "", Bytes{"a\nb"}).add("value", "", Text{"你好"});
  EXPECT_EQ(table({record}),
            "+------+-------+\n"
            "| KEY  | VALUE |\n"
            "+------+-------+\n"
            "| a\\nb | 你好  |\n"
            "+------+-------+\n");
}

TEST(Cells, OfListsAreCountsOrJoined) {
  Record record;
  record.add("waiters", "", List{Fields{}, Fields{}});
  record.add("keys", "", List{Readable{"a"}, Readable{"b"}});
  record.add("held", "", true).add("", "Hidden", Text{"x"});
  const Cells cells = cells_of(record.fields);
  ASSERT_EQ(cells.size(), 3U);
  EXPECT_EQ(cells[0].text, "2");
  EXPECT_EQ(cells[1].text, "a,b");
  EXPECT_EQ(cells[2].text, "true");
}

TEST(Cells, OfANestedRecordSayWhoseTheyAreWhereTheNameIsTaken) {
  Record record;
  record.add("key", "", Text{"a"}).add("holder", "", Fields{{"key", "", Text{"b"}}});
  const Cells cells = cells_of(record.fields);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[1].column, "holder_key");
}

TEST(Protobuf, HasTheMessagesAndNothingOfTheRecords) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  const auto printer = make_printer(Format::protobuf, writer, {});
  printer->message([] { return std::string("\x0a\0x", 3); });
  printer->print(holder("a", "b", 1));
  printer->finish();
  EXPECT_TRUE(writer.flush());
  EXPECT_EQ(capture.text(), std::string("\x0a\0x", 3));
}

}  // namespace
}  // namespace coord::out
