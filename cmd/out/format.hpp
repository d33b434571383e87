// Printer: one way to show records. One file a format; make_printer() is the list of them.
//
// A reply that fits into memory goes through print(). A long one is told piece by piece, and
// nothing of it is kept:
//
//   printer->begin();
//   printer->field(header);
//   printer->begin_list("kvs");  printer->item(record) …;  printer->end_list();
//   printer->field(count);
//   printer->end();
//
// A table is printed by finish(), when all its rows are known: a stream has none. protobuf shows
// nothing of records: the command hands it the reply's own bytes beside them, by message().
//
// The bytes of simple, json and fields are etcdctl's for the records that etcdctl has.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cmd/out/value.hpp"
#include "cmd/out/writer.hpp"

namespace coord::out {

enum class Format { simple, json, fields, table, protobuf };

// What a command may have. Rows: of a list that ends. Messages: of replies that are etcd's own.
// Every: of a list of etcd's own, and of sentences that are the same in all of them.
using Formats = std::span<const Format>;
inline constexpr std::array kStreamFormats{Format::simple, Format::json, Format::fields};
inline constexpr std::array kRowFormats{Format::simple, Format::json, Format::fields,
                                        Format::table};
inline constexpr std::array kMessageFormats{Format::simple, Format::json, Format::fields,
                                            Format::protobuf};
inline constexpr std::array kEveryFormat{Format::simple, Format::json, Format::fields,
                                         Format::table, Format::protobuf};

std::optional<Format> parse_format(std::string_view name);
std::string_view format_name(Format format);

struct Look {
  bool hex = false;      // simple: bytes of the store as \x66\x6f
  char line_end = '\n';  // simple: '\0' under -0
};

class Printer {
 public:
  virtual ~Printer() = default;

  virtual void begin() {}
  virtual void field(const Field& field) = 0;
  virtual void line(const Line& line) = 0;
  virtual void begin_list(std::string name) = 0;  // in json left out when no item follows
  virtual void item(const Record& record) = 0;
  virtual void end_list() {}
  virtual void end() {}

  virtual void print(const Record& record);

  // The reply, or the next piece of it, as the server's own message. BYTES is called by protobuf
  // alone.
  virtual void message(const std::function<std::string()>& bytes);
  // Nothing more comes.
  virtual void finish() {}
};

// The writer must outlive it.
std::unique_ptr<Printer> make_printer(Format format, Writer& writer, Look look);

std::unique_ptr<Printer> make_simple_printer(Writer& writer, Look look);
std::unique_ptr<Printer> make_json_printer(Writer& writer);
std::unique_ptr<Printer> make_fields_printer(Writer& writer);
std::unique_ptr<Printer> make_table_printer(Writer& writer);
std::unique_ptr<Printer> make_protobuf_printer(Writer& writer);

}  // namespace coord::out
