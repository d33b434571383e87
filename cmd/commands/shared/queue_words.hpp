// What the commands about queues share: the name, the kind, what stands in the way.
#pragma once

#include <optional>
#include <string>

#include "coord/base/result.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::commands {

// Code::usage for names that cannot be those of a queue.
Result<> check_queue(const std::string& name);

// "queue 'jobs'"
std::string describe_queue(const std::string& name);

// What to say to people about a key under NAME/ that is no item of the queue. Empty for none.
std::string about_foreign(const recipe::QueueName& queue, const std::string& key);

// 0 to 65535. Code::usage.
Result<std::uint16_t> parse_priority(std::int64_t number);

// A wait that ran into its limit because etcd was away, in a command that has no --timeout.
Error as_outage(Error error);

}  // namespace coord::commands
