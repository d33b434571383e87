// A key that parses is the key that its parts make.
#include "coord/base/layout.hpp"

#include "fuzz.hpp"

using namespace coord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto key = text_of(data, size);
  if (const auto parsed = layout::parse_lock_key(key))
    must(layout::lock_key(parsed->name, parsed->lease) == key);
  if (const auto parsed = layout::parse_rwlock_key(key)) {
    must(layout::rwlock_key(parsed->name, parsed->access, parsed->unix_nano) == key);
    must(!layout::parse_lock_key(key));
  }
  if (const auto lease = layout::parse_lease(key))
    must(layout::parse_lease(layout::lease_hex(*lease)) == lease);
  return 0;
}
