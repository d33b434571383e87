// A key that parses is the key that its parts make.
#include "coord/base/layout.hpp"

#include "coord/base/layout_queue.hpp"
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
  if (const auto item = layout::parse_queue_item("q", key))
    must(layout::with_attempts(item->base, item->attempts) == key);
  if (const auto claim = layout::parse_claim("q", key))
    must(layout::claim_key("q", claim->lease, claim->item_key) == key);
  return 0;
}
