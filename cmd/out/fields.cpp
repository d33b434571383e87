// fields: one line a field, "Label" : value, nested records flattened.
#include <fmt/format.h>

#include "cmd/out/format.hpp"
#include "coord/base/bytes.hpp"

namespace coord::out {
namespace {

class FieldsPrinter : public Printer {
 public:
  explicit FieldsPrinter(Writer& writer) : writer_(&writer) {}

  void line(const Line& /*line*/) override {}
  void begin_list(std::string /*name*/) override {}

  void field(const Field& field) override { show(field.label, field.value); }

  void item(const Record& record) override {
    for (const Field& each : record.fields) field(each);
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the record
  void show(const std::string& label, const Value& value) {
    if (const auto* list = std::get_if<List>(&value)) {
      for (const Value& each : *list) show(label, each);
    } else if (const auto* fields = std::get_if<Fields>(&value)) {
      for (const Field& each : *fields) show(each.label, each.value);
    } else if (label == "\n") {  // a gap
      writer_->write(label);
    } else if (!label.empty()) {
      writer_->write("\"");
      writer_->write(label);
      writer_->write("\" : ");
      writer_->write(scalar(value));
      writer_->write("\n");
    }
  }

  static std::string scalar(const Value& value) {
    return std::visit(
        [](const auto& data) -> std::string {
          using T = std::decay_t<decltype(data)>;
          if constexpr (std::is_arithmetic_v<T>) {
            return fmt::to_string(data);
          } else if constexpr (std::is_same_v<T, Symbol>) {
            return data.name;
          } else if constexpr (requires { data.data.size(); } && !std::is_same_v<T, List>) {
            return go_quote(data.data);
          } else {
            return "null";
          }
        },
        static_cast<const Value::variant&>(value));
  }

  Writer* writer_;
};

}  // namespace

std::unique_ptr<Printer> make_fields_printer(Writer& writer) {
  return std::make_unique<FieldsPrinter>(writer);
}

}  // namespace coord::out
