// Encodings are undone by their inverses, and what people are shown holds no control bytes.
#include "coord/base/bytes.hpp"

#include <algorithm>

#include "fuzz.hpp"

using namespace coord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  must(unhex(hex(text)) == text);
  must(unbase64(base64(text)) == text);
  (void)unhex(text);
  (void)unbase64(text);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  for (const auto& shown : {printable(text), go_quote(text)}) {
    must(is_utf8(shown));
    must(std::ranges::none_of(shown, is_control));
  }
  const auto end = prefix_end(text);
  must(end == std::string(1, '\0') || end > text);
  return 0;
}
