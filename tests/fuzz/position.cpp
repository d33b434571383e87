// A position that was read is written as it was, or in the one shorter way.
#include "coord/recipe/bookmark.hpp"
#include "fuzz.hpp"

using coord::recipe::Position;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  const auto position = Position::parse(text);
  if (!position) return 0;
  must(position->revision >= 0 && position->text().size() <= text.size());
  const auto again = Position::parse(position->text());
  must(again && again->revision == position->revision && again->key == position->key);
  return 0;
}
