// Value, Record: what a command has to say, before anybody chose how it looks. A command makes
// records, a format prints them (format.hpp), so that N commands and M formats are N + M files.
//
// A record holds the same answer twice: as named fields for formats that machines read, and as
// lines for people; a table's row is made of the fields, unless it is given. It knows neither etcd
// nor the terminal. Cheap to move; lives only until it is printed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coord::out {

// Bytes of the store. json: base64. fields: Go's %q.
struct Bytes {
  std::string data;
};

// Words of ours or of the cluster. json: a string. fields: Go's %q.
struct Text {
  std::string data;
};

// Bytes that are nearly always text (a lock's name). json: a string, and beside it NAME_b64 where
// they are no UTF-8.
struct Readable {
  std::string data;
};

// A member of an enum. json: its number, left out when 0. fields: its name.
struct Symbol {
  std::int64_t number = 0;
  std::string name;
};

struct Field;
struct Value;
using List = std::vector<Value>;
using Fields = std::vector<Field>;

// monostate is json's null.
struct Value : std::variant<std::monostate, bool, std::int64_t, std::uint64_t, Bytes, Text,
                            Readable, Symbol, List, Fields> {
  using variant::variant;
};

// Is it what Go's encoding/json leaves out under "omitempty"? null, false, 0, "" and the empty
// list.
bool is_zero(const Value& value);

enum class Zero { leave_out, keep };  // of a zero value, in json

struct Field {
  std::string name;   // in json; empty: not shown there
  std::string label;  // in fields; empty: not shown there (a nested record's own labels still are)
  Value value;
  Zero zero = Zero::leave_out;
};

// One line for people.
struct Line {
  std::string data;
  bool bytes = false;  // of the store, so --hex applies
};

// One cell of a table: its column's name, and what stands in it, on one line.
struct Cell {
  std::string column;
  std::string text;
  bool right = true;  // at the right edge of its column, as all of etcdctl's
};

using Cells = std::vector<Cell>;

struct Record {
  Fields fields;
  std::vector<Line> lines;
  std::vector<Cells> rows;  // table: where it is more, or something else, than a row of the fields

  Record& add(std::string name, std::string label, Value value, Zero zero = Zero::leave_out);
  Record& line(std::string text);
  Record& bytes(std::string data);
  Record& row(Cells cells);
};

}  // namespace coord::out
