// Any value of a lock's key is metadata or is not; what we write we can read.
#include "coord/recipe/holder_info.hpp"

#include "fuzz.hpp"

using coord::recipe::HolderInfo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  if (const auto info = HolderInfo::from_json(text))
    must(HolderInfo::from_json(info->to_json()).has_value());
  const HolderInfo ours{.host = std::string(text), .pid = 1, .note = std::string(text)};
  must(HolderInfo::from_json(ours.to_json()).has_value());
  return 0;
}
