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
// The bytes of simple, json and fields are etcdctl's for the records that etcdctl has.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/out/value.hpp"
#include "cmd/out/writer.hpp"

namespace coord::out {

enum class Format { simple, json, fields, table, protobuf };

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

  void print(const Record& record);
};

// Nothing for a format that has no printer (table, protobuf). The writer must outlive it.
std::unique_ptr<Printer> make_printer(Format format, Writer& writer, Look look);

std::unique_ptr<Printer> make_simple_printer(Writer& writer, Look look);
std::unique_ptr<Printer> make_json_printer(Writer& writer);
std::unique_ptr<Printer> make_fields_printer(Writer& writer);

}  // namespace coord::out
