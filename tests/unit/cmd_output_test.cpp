// The bytes of the formats, against what etcdctl 3.5.30 printed.
#include <gtest/gtest.h>

#include "cmd/commands/shared/records.hpp"
#include "cmd/out/format.hpp"
#include "cmd_captured_env.hpp"

namespace coord::out {
namespace {

const etcd::Header kHeader{15756992811865692610ULL, 6134072051217116742ULL, 11578, 2};
const etcd::KeyValue kFoo{"foo", "bar7", 11570, 11575, 6, 0};
const etcd::KeyValue kFoo2{"foo2", "x\x01\xff\"y", 11577, 11577, 1, 0};
const etcd::KeyValue kFoo3{"foo3", "v", 11578, 11578, 1, 3334530681275953556};

std::string shown(Format format, const std::function<void(Printer&)>& show, Look look = {}) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  show(*make_printer(format, writer, look));
  EXPECT_TRUE(writer.flush());
  return capture.text();
}

// As `get foo --prefix` prints.
void list(Printer& printer, const std::vector<etcd::KeyValue>& kvs, bool more, std::int64_t count) {
  printer.begin();
  printer.field(commands::header_field(kHeader));
  printer.begin_list("kvs");
  for (const etcd::KeyValue& kv : kvs) {
    Record record;
    record.bytes(kv.key).bytes(kv.value).fields = commands::key_value_fields(kv);
    printer.item(record);
  }
  printer.end_list();
  printer.field({"more", "More", more});
  printer.field({"count", "Count", count});
  printer.end();
}

TEST(Json, RangeIsWhatEtcdctlPrints) {
  EXPECT_EQ(
      shown(Format::json, [](Printer& p) { list(p, {kFoo, kFoo2}, true, 3); }),
      R"({"header":{"cluster_id":15756992811865692610,"member_id":6134072051217116742,"revision":11578,)"
      R"("raft_term":2},"kvs":[{"key":"Zm9v","create_revision":11570,"mod_revision":11575,"version":6,)"
      R"("value":"YmFyNw=="},{"key":"Zm9vMg==","create_revision":11577,"mod_revision":11577,"version":1,)"
      R"("value":"eAH/Ink="}],"more":true,"count":3})"
      "\n");
}

TEST(Json, LeavesOutWhatIsZero) {
  EXPECT_EQ(
      shown(Format::json, [](Printer& p) { list(p, {}, false, 0); }),
      R"({"header":{"cluster_id":15756992811865692610,"member_id":6134072051217116742,"revision":11578,)"
      R"("raft_term":2}})"
      "\n");
}

TEST(Fields, RangeIsWhatEtcdctlPrints) {
  EXPECT_EQ(
      shown(Format::fields, [](Printer& p) { list(p, {kFoo2, kFoo3}, false, 2); }),
      "\"ClusterID\" : 15756992811865692610\n\"MemberID\" : 6134072051217116742\n\"Revision\" : "
      "11578\n"
      "\"RaftTerm\" : 2\n\"Key\" : \"foo2\"\n\"CreateRevision\" : 11577\n\"ModRevision\" : 11577\n"
      "\"Version\" : 1\n\"Value\" : \"x\\x01\\xff\\\"y\"\n\"Lease\" : 0\n\"Key\" : \"foo3\"\n"
      "\"CreateRevision\" : 11578\n\"ModRevision\" : 11578\n\"Version\" : 1\n\"Value\" : \"v\"\n"
      "\"Lease\" : 3334530681275953556\n\"More\" : false\n\"Count\" : 2\n");
}

TEST(Simple, PrintsBytesAsTheyAre) {
  EXPECT_EQ(shown(Format::simple, [](Printer& p) { list(p, {kFoo, kFoo2}, false, 2); }),
            "foo\nbar7\nfoo2\nx\x01\xff\"y\n");
}

TEST(Simple, HexIsForBytesOfTheStoreOnly) {
  const auto show = [](Printer& p) { p.print(Record().line("OK").bytes("foo").bytes("")); };
  EXPECT_EQ(shown(Format::simple, show, {.hex = true}), "OK\n\\x66\\x6f\\x6f\n\n");
}

TEST(Simple, LinesMayEndInNul) {
  const auto show = [](Printer& p) { p.print(Record().line("a").bytes("b\n")); };
  EXPECT_EQ(shown(Format::simple, show, {.line_end = '\0'}), std::string("a\0b\n\0", 5));
}

std::string json_of(Value value, Zero zero = Zero::keep) {
  const std::string line = shown(
      Format::json, [&](Printer& p) { p.print(Record().add("x", "X", std::move(value), zero)); });
  return line.substr(1, line.size() - 3);
}

TEST(Json, TextIsEscapedAsGoDoes) {
  EXPECT_EQ(json_of(Text{"a<b>&\"\\\n\t\x01"}), R"("x":"a\u003cb\u003e\u0026\"\\\n\t\u0001")");
  EXPECT_EQ(json_of(Text{"\u2028\u2029é€"}), "\"x\":\"\\u2028\\u2029é€\"");
  EXPECT_EQ(json_of(Text{"a\xff"}), R"("x":"a\ufffd")");
}

TEST(Json, ReadableBytesHaveBase64BesideThemOnlyWhereTheyAreNoText) {
  EXPECT_EQ(json_of(Readable{"café"}), "\"x\":\"café\"");
  EXPECT_EQ(json_of(Readable{"a\xff"}), R"("x":"a\ufffd","x_b64":"Yf8=")");
}

TEST(Json, Scalars) {
  EXPECT_EQ(json_of(Value()), "\"x\":null");
  EXPECT_EQ(json_of(true), "\"x\":true");
  EXPECT_EQ(json_of(std::int64_t{-1}), "\"x\":-1");
  EXPECT_EQ(json_of(std::uint64_t{18446744073709551615U}), "\"x\":18446744073709551615");
  EXPECT_EQ(json_of(Symbol{1, "DELETE"}), "\"x\":1");
  EXPECT_EQ(json_of(List{Text{"["}, Text{"b"}, List{}}), R"("x":["[","b",[]])");
  EXPECT_EQ(json_of(List{Fields{}, Fields{{"a", "A", true}}}), R"("x":[{},{"a":true}])");
  EXPECT_EQ(json_of(Fields{{"{", "", Text{"{"}}, {"b", "", true}}), R"("x":{"{":"{","b":true})");
}

TEST(Json, ZeroValuesAreLeftOutUnlessKept) {
  for (const Value& zero :
       {Value(), Value(false), Value(std::int64_t{0}), Value(std::uint64_t{0}), Value(Bytes{}),
        Value(Text{}), Value(Readable{}), Value(Symbol{0, "PUT"}), Value(List{})}) {
    EXPECT_EQ(json_of(zero, Zero::leave_out), "");
  }
  EXPECT_EQ(json_of(Fields{}, Zero::leave_out), "\"x\":{}");
}

TEST(Fields, ShowsSymbolsByNameAndListsLineByLine) {
  const auto show = [](Printer& p) {
    Record record;
    record.add("t", "Type", Symbol{0, "PUT"})
        .add("e", "", Text{"hidden"})
        .add("n", "None", Value());
    record.add("keys", "Key", List{Bytes{"a"}, Text{"b"}, Readable{"c"}});
    p.print(record);
  };
  EXPECT_EQ(shown(Format::fields, show),
            "\"Type\" : PUT\n\"None\" : null\n\"Key\" : \"a\"\n\"Key\" : \"b\"\n\"Key\" : \"c\"\n");
}

TEST(Format, NamesAndPrinters) {
  const cli::Capture capture;
  Writer writer(capture.fd());
  for (const char* name : {"simple", "json", "fields", "table", "protobuf"}) {
    ASSERT_TRUE(parse_format(name)) << name;
    EXPECT_EQ(format_name(*parse_format(name)), name);
    EXPECT_NE(make_printer(*parse_format(name), writer, {}), nullptr) << name;
  }
  EXPECT_FALSE(parse_format("JSON"));
}

}  // namespace
}  // namespace coord::out
