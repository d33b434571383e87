// Any text is a condition or a usage error; one that was read can be asked and told of any value.
#include "coord/recipe/condition.hpp"

#include "coord/base/bytes.hpp"
#include "fuzz.hpp"

using namespace coord;
using recipe::Condition;
using recipe::Relation;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  const auto condition = Condition::parse(text);
  must(condition || condition.error().code == Code::usage);
  if (!condition) return 0;
  must(!condition->key().empty() && condition->text() == text);
  const etcd::RangeReply nothing;
  etcd::RangeReply found;
  found.kvs.push_back({.key = condition->key(), .value = condition->value()});
  found.count = condition->number();
  must(is_utf8(condition->state(found)) && is_utf8(condition->state(nothing)));
  const bool equal = condition->relation() == Relation::equal;
  if (condition->kind() == Condition::Kind::existence ||
      condition->kind() == Condition::Kind::value)
    must(condition->holds(found) == equal && condition->holds(nothing) != equal);
  if (condition->kind() == Condition::Kind::count)
    must(condition->holds(found) == (equal || condition->relation() == Relation::at_most ||
                                     condition->relation() == Relation::at_least));
  (void)condition->holds(nothing);
  return 0;
}
