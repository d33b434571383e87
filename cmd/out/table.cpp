// table: a box with a line a record, once all of them are known. Looks as etcdctl's does.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cmd/out/cells.hpp"
#include "cmd/out/format.hpp"
#include "cmd/out/width.hpp"

namespace coord::out {
namespace {

struct Column {
  std::string name;
  std::string title;
  std::size_t width;
};

// "raft_term" and "RAFT TERM" are the same column's.
std::string title_of(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return c == '_' ? ' ' : static_cast<char>(std::toupper(c));
  });
  return name;
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string centred(const std::string& text, std::size_t width) {
  const std::size_t gap = width - display_width(text);
  return spaces(gap / 2) + text + spaces(gap - gap / 2);
}

std::string aligned(const Cell& cell, std::size_t width) {
  const std::string gap = spaces(width - display_width(cell.text));
  return cell.right ? gap + cell.text : cell.text + gap;
}

class TablePrinter : public Printer {
 public:
  explicit TablePrinter(Writer& writer) : writer_(&writer) {}

  void field(const Field& /*field*/) override {}
  void line(const Line& /*line*/) override {}
  void begin_list(std::string /*name*/) override {}
  void item(const Record& record) override { print(record); }

  void print(const Record& record) override {
    if (record.rows.empty()) add(cells_of(record.fields));
    for (const Cells& cells : record.rows) add(cells);
  }

  void finish() override {
    if (rows_.empty()) return;
    rule();
    std::string titles;
    for (const Column& column : columns_)
      titles += fmt::format("| {} ", centred(column.title, column.width));
    writer_->write(titles + "|\n");
    rule();
    for (const Cells& row : rows_) show(row);
    rule();
    rows_.clear();
  }

 private:
  void add(Cells cells) {
    for (const Cell& cell : cells) {
      const auto known = std::ranges::find(columns_, cell.column, &Column::name);
      const std::size_t width = display_width(cell.text);
      if (known != columns_.end()) {
        known->width = std::max(known->width, width);
        continue;
      }
      const std::string title = title_of(cell.column);
      columns_.push_back({cell.column, title, std::max(width, display_width(title))});
    }
    rows_.push_back(std::move(cells));
  }

  void rule() {
    std::string text;
    for (const Column& column : columns_) text += '+' + std::string(column.width + 2, '-');
    writer_->write(text + "+\n");
  }

  // A record that lacks a column has an empty cell there.
  void show(const Cells& row) {
    std::string text;
    for (const Column& column : columns_) {
      const auto cell = std::ranges::find(row, column.name, &Cell::column);
      text += fmt::format("| {} ",
                          cell == row.end() ? spaces(column.width) : aligned(*cell, column.width));
    }
    writer_->write(text + "|\n");
  }

  Writer* writer_;
  std::vector<Column> columns_;
  std::vector<Cells> rows_;
};

}  // namespace

std::unique_ptr<Printer> make_table_printer(Writer& writer) {
  return std::make_unique<TablePrinter>(writer);
}

}  // namespace coord::out
