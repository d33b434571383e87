#include "coord/recipe/priority_queue.hpp"

#include "coord/base/layout_queue.hpp"

namespace coord::recipe {

Result<PriorityPlace> last_place(etcd::Client& client, const Context& ctx, const std::string& name,
                                 std::uint16_t priority) {
  auto last = etcd::RangeRequest::prefix(layout::priority_level(name, priority));
  last.limit = 1;
  last.order = etcd::SortOrder::descend;
  last.keys_only = true;
  COORD_TRY_INTO(const etcd::RangeReply reply, etcd::Kv(client).range(ctx, last));
  PriorityPlace place{.revision = reply.header.revision};
  if (reply.kvs.empty()) return place;
  const auto item = layout::parse_queue_item(name, reply.kvs.front().key);
  if (!item) {
    return fail(Code::bad_data, "the key '" + reply.kvs.front().key + "' is no queue item",
                "keys of something else lie among the items");
  }
  place.next = item->number + 1;
  return place;
}

etcd::Compare none_added_after(const std::string& name, std::uint16_t priority,
                               std::int64_t revision) {
  return etcd::Compare::mod(layout::priority_bookkeeping(name, priority), etcd::CompareResult::less,
                            revision + 1);
}

etcd::PutRequest bookkeeping(const std::string& name, std::uint16_t priority) {
  return {.key = layout::priority_bookkeeping(name, priority)};
}

}  // namespace coord::recipe
