// The keys of topics. No program but coord knows them.
//
//   message      TOPIC "/" DIGITS "-" INDEX             DIGITS: Unix time in ns and chance; INDEX:
//                                                       place in its transaction, three digits
//   position     "__" TOPIC "/positions/" NAME          of the subscriber that is called NAME
//   who has it   "__" TOPIC "/subscribers/" NAME "/" LEASE    a lock
//
// Any other key under TOPIC/ is a message as well, for whoever publishes with a plain put.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coord::layout {

std::string topic_prefix(std::string_view topic);  // TOPIC "/"
// Those of one transaction are in the order of INDEX, which is below 1000.
std::string message_key(std::string_view topic, std::string_view digits, std::size_t index);
bool is_message_key(std::string_view key);  // was it made by message_key()?

std::string position_key(std::string_view topic, std::string_view name);
std::string subscriber_lock(std::string_view topic, std::string_view name);  // a lock's name

}  // namespace coord::layout
