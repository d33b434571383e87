// simple: lines for people and for shells; bytes of the store as they are.
#include <fmt/format.h>

#include "cmd/out/format.hpp"

namespace coord::out {
namespace {

std::string escaped(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 4);
  for (const char c : bytes) {
    fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

class SimplePrinter : public Printer {
 public:
  SimplePrinter(Writer& writer, Look look) : writer_(&writer), look_(look) {}

  void field(const Field& /*field*/) override {}
  void begin_list(std::string /*name*/) override {}

  void line(const Line& line) override {
    writer_->write(line.bytes && look_.hex ? escaped(line.data) : line.data);
    writer_->write({&look_.line_end, 1});
  }

  void item(const Record& record) override {
    for (const Line& each : record.lines) line(each);
  }

 private:
  Writer* writer_;
  Look look_;
};

}  // namespace

std::unique_ptr<Printer> make_simple_printer(Writer& writer, Look look) {
  return std::make_unique<SimplePrinter>(writer, look);
}

}  // namespace coord::out
