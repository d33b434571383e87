#include "cmd/out/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "coord/base/bytes.hpp"

namespace coord::out {
namespace {

std::string text_of(const Value& value);

std::string joined(const List& list) {
  const bool records = std::ranges::any_of(
      list, [](const Value& each) { return std::holds_alternative<Fields>(each); });
  if (records) return fmt::format("{}", list.size());
  std::string text;
  for (const Value& each : list) {
    if (!text.empty()) text += ',';
    text += text_of(each);
  }
  return text;
}

struct AsText {
  std::string operator()(std::monostate /*null*/) const { return ""; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
  std::string operator()(const Bytes& value) const { return printable(value.data); }
  std::string operator()(const Text& value) const { return printable(value.data); }
  std::string operator()(const Readable& value) const { return printable(value.data); }
  std::string operator()(const Symbol& value) const { return value.name; }
  std::string operator()(const List& value) const { return joined(value); }
  std::string operator()(const Fields& /*record*/) const { return ""; }
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as the record
std::string text_of(const Value& value) {
  return std::visit(AsText{}, static_cast<const Value::variant&>(value));
}

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<std::uint64_t>(value);
}

bool is_taken(const Cells& cells, const std::string& column) {
  return std::ranges::find(cells, column, &Cell::column) != cells.end();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the record
void add_cells(Cells& cells, const Fields& fields, const std::string& parent) {
  for (const Field& field : fields) {
    if (field.name.empty()) continue;
    if (const auto* nested = std::get_if<Fields>(&field.value)) {
      add_cells(cells, *nested, field.name);
      continue;
    }
    std::string column = field.name;
    if (!parent.empty() && is_taken(cells, column)) column = parent + '_' + column;
    cells.push_back({std::move(column), text_of(field.value), is_number(field.value)});
  }
}

}  // namespace

Cells cells_of(const Fields& fields) {
  Cells cells;
  add_cells(cells, fields, "");
  return cells;
}

}  // namespace coord::out
