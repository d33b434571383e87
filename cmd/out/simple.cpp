// simple: lines for people and for shells; bytes of the store as they are.
#include "cmd/out/format.hpp"

namespace coord::out {
namespace {

std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 4);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
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
