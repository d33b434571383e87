// Items of a queue as records.
#pragma once

#include "cmd/out/value.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::commands {

out::Record waiting_record(const recipe::QueueItem& item, std::int64_t place);  // in a list
out::Record claim_record(const recipe::QueueClaim& claim);
out::Record peeked_record(const recipe::QueueItem& item);  // simple: its bytes alone

}  // namespace coord::commands
