#include "cmd/out/format.hpp"

#include <array>

namespace coord::out {
namespace {

struct Name {
  Format format;
  std::string_view name;
};

constexpr std::array<Name, 5> kNames{{{Format::simple, "simple"},
                                      {Format::json, "json"},
                                      {Format::fields, "fields"},
                                      {Format::table, "table"},
                                      {Format::protobuf, "protobuf"}}};

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
  for (const Name& known : kNames) {
    if (known.name == name) return known.format;
  }
  return std::nullopt;
}

std::string_view format_name(Format format) {
  for (const Name& known : kNames) {
    if (known.format == format) return known.name;
  }
  return {};
}

void Printer::print(const Record& record) {
  begin();
  for (const Field& each : record.fields) field(each);
  for (const Line& each : record.lines) line(each);
  end();
}

void Printer::message(const std::function<std::string()>& /*bytes*/) {}

std::unique_ptr<Printer> make_printer(Format format, Writer& writer, Look look) {
  switch (format) {
    case Format::simple:
      return make_simple_printer(writer, look);
    case Format::json:
      return make_json_printer(writer);
    case Format::fields:
      return make_fields_printer(writer);
    case Format::table:
      return make_table_printer(writer);
    case Format::protobuf:
      return make_protobuf_printer(writer);
  }
  return nullptr;
}

}  // namespace coord::out
