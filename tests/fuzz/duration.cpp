// A duration that was read is in range, and what is written can be read again.
#include "coord/base/duration.hpp"

#include "fuzz.hpp"

using namespace coord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto span = parse_duration(text_of(data, size));
  if (!span) return 0;
  must(*span >= Duration{0} && *span <= std::chrono::hours{24 * 365 * 100});
  const auto again = parse_duration(format_duration(*span));
  must(again.has_value());
  const Duration off = *again > *span ? *again - *span : *span - *again;
  must(off <= std::chrono::milliseconds{1});
  (void)format_age(*span);
  return 0;
}
