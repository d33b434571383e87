#include "cmd/out/value.hpp"

namespace coord::out {
namespace {

struct IsZero {
  bool operator()(std::monostate /*null*/) const { return true; }
  bool operator()(bool value) const { return !value; }
  bool operator()(std::int64_t value) const { return value == 0; }
  bool operator()(std::uint64_t value) const { return value == 0; }
  bool operator()(const Bytes& value) const { return value.data.empty(); }
  bool operator()(const Text& value) const { return value.data.empty(); }
  bool operator()(const Readable& value) const { return value.data.empty(); }
  bool operator()(const Symbol& value) const { return value.number == 0; }
  bool operator()(const List& value) const { return value.empty(); }
  bool operator()(const Fields& /*record*/) const {
    return false;
  }  // a message that is there, even if all is zero
};

}  // namespace

bool is_zero(const Value& value) { return std::visit(IsZero{}, value); }

Record& Record::add(std::string name, std::string label, Value value, Zero zero) {
  fields.push_back({std::move(name), std::move(label), std::move(value), zero});
  return *this;
}

Record& Record::line(std::string text) {
  lines.push_back({std::move(text), false});
  return *this;
}

Record& Record::bytes(std::string data) {
  lines.push_back({std::move(data), true});
  return *this;
}

Record& Record::row(Cells cells) {
  rows.push_back(std::move(cells));
  return *this;
}

}  // namespace coord::out
