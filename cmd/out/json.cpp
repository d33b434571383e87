// json: one object a record and a newline, in the bytes of Go's encoding/json. Written straight to
// the output, because a range may have more keys than fit into memory; nlohmann-json does the
// quoting.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cmd/out/format.hpp"
#include "coord/base/bytes.hpp"

namespace coord::out {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Go escapes what HTML and JavaScript would trip over, and replaces what is no UTF-8.
std::string quoted(const std::string& text) {
  using Json = nlohmann::ordered_json;
  std::string json = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (json.find_first_of("<>&\b\f\xe2\xef") == std::string::npos) return json;
  replace_all(json, "<", "\\u003c");
  replace_all(json, ">", "\\u003e");
  replace_all(json, "&", "\\u0026");
  replace_all(json, "\u2028", "\\u2028");
  replace_all(json, "\u2029", "\\u2029");
  replace_all(json, "\ufffd", "\\ufffd");
  return json;
}

void append_fields(std::string& json, const Fields& fields);
void append(std::string& json, const Value& value);

struct Append {
  std::string& json;

  void operator()(std::monostate /*null*/) const { json += "null"; }
  void operator()(bool value) const { json += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { json += fmt::format_int(value).c_str(); }
  void operator()(std::uint64_t value) const { json += fmt::format_int(value).c_str(); }
  void operator()(const Symbol& value) const { (*this)(value.number); }
  void operator()(const Text& value) const { json += quoted(value.data); }
  void operator()(const Readable& value) const { json += quoted(value.data); }
  void operator()(const Bytes& value) const {
    json += '"';
    json += base64(value.data);
    json += '"';
  }
  void operator()(const List& list) const {
    json += '[';
    for (const Value& each : list) {
      if (json.back() != '[') json += ',';
      append(json, each);
    }
    json += ']';
  }
  void operator()(const Fields& fields) const {
    json += '{';
    append_fields(json, fields);
    json += '}';
  }
};

void append(std::string& json, const Value& value) {
  std::visit(Append{json}, static_cast<const Value::variant&>(value));
}

void append_member(std::string& json, const std::string& name, const Value& value) {
  if (!json.empty() && json.back() != '{') json += ',';
  json += '"';
  json += name;
  json += "\":";
  append(json, value);
}

void append_field(std::string& json, const Field& field) {
  if (field.name.empty() || (field.zero == Zero::leave_out && is_zero(field.value))) return;
  append_member(json, field.name, field.value);
  const auto* text = std::get_if<Readable>(&field.value);
  if (text && !is_utf8(text->data)) append_member(json, field.name + "_b64", Bytes{text->data});
}

void append_fields(std::string& json, const Fields& fields) {
  for (const Field& each : fields) append_field(json, each);
}

class JsonPrinter : public Printer {
 public:
  explicit JsonPrinter(Writer& writer) : writer_(&writer) {}

  void line(const Line& /*line*/) override {}

  void begin() override {
    writer_->write("{");
    first_ = true;
    in_record_ = true;
  }

  void field(const Field& field) override {
    std::string json;
    append_field(json, field);
    if (!json.empty()) member(json);
  }

  // Outside of a record the list is all there is.
  void begin_list(std::string name) override {
    list_ = std::move(name);
    if (in_record_) return;
    writer_->write("[");
    first_ = true;
  }

  void item(const Record& record) override {
    std::string json;
    if (!in_record_) {
      append(json, Value(record.fields));
      return member(json);
    }
    if (!list_.empty()) {
      member('"' + std::exchange(list_, {}) + "\":[");
      in_list_ = true;
    } else {
      json = ",";
    }
    append(json, Value(record.fields));
    writer_->write(json);
  }

  void end_list() override {
    if (!in_record_) writer_->write("]\n");
    if (std::exchange(in_list_, false)) writer_->write("]");
    list_.clear();
  }

  void end() override {
    writer_->write("}\n");
    in_record_ = false;
  }

 private:
  void member(const std::string& json) {
    if (!std::exchange(first_, false)) writer_->write(",");
    writer_->write(json);
  }

  Writer* writer_;
  std::string list_;  // the name of a list that has had no item so far
  bool in_record_ = false;
  bool in_list_ = false;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Printer> make_json_printer(Writer& writer) {
  return std::make_unique<JsonPrinter>(writer);
}

}  // namespace coord::out
