// Condition: what may be waited for: a key or the keys below a prefix, and what is to be so.
//
//   KEY            it exists                  !KEY          it does not
//   KEY=VALUE      its value is VALUE         KEY!=VALUE    it is not, or there is no such key
//   KEY<N KEY<=N KEY>N KEY>=N                 its value is a decimal number, and the relation holds
//   KEY~REGEX      its value matches somewhere (RE2)        KEY!~REGEX    it does not, or no key
//   PREFIX:count>=N                           so many keys begin with PREFIX; any of = != < <= > >=
//
// KEY ends at the first =, <, >, ~, != or !~. There a backslash makes the next byte a part of the
// key if that is no letter and no digit ("\=", "\\", "\!", "\:"), and \xHH is any byte. What stands
// behind the operator is taken as it is. Numbers are 64 bits wide; white space around the one in
// the store does not count, as `echo 5 | coord put` leaves a newline there.
//
// RE2 and not std::regex: values come from others, and libstdc++'s matcher recurses once a
// character, so that a value of 100 kB overflows the stack; RE2 takes linear time and no stack.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "coord/base/result.hpp"
#include "coord/etcd/kv.hpp"

namespace re2 {
class RE2;
}

namespace coord::recipe {

enum class Relation { equal, not_equal, less, at_most, greater, at_least };

// A small value; copies share the compiled pattern. Thread-safe.
class Condition {
 public:
  enum class Kind {
    existence,  // equal: it exists
    value,      // equal, not_equal
    number,     // of the value
    pattern,    // equal: it matches
    count,
  };

  // Code::usage; the message quotes the text.
  static Result<Condition> parse(std::string_view text);

  const std::string& text() const { return text_; }  // as it was written
  const std::string& key() const { return key_; }    // or the prefix
  Kind kind() const { return kind_; }
  Relation relation() const { return relation_; }
  const std::string& value() const { return value_; }  // or the pattern
  std::int64_t number() const { return number_; }

  // What must be read to know; and whether it holds with what was read.
  etcd::RangeRequest request() const;
  bool holds(const etcd::RangeReply& found) const;

  // What is there instead, in words: "it is '37'", "there is no such key", "2 keys".
  std::string state(const etcd::RangeReply& found) const;

 private:
  Result<> read_operator(std::string_view rest);
  Result<> compile();

  std::string text_;
  std::string key_;
  Kind kind_ = Kind::existence;
  Relation relation_ = Relation::equal;
  std::string value_;
  std::int64_t number_ = 0;
  std::shared_ptr<const re2::RE2> pattern_;
};

// The number that a value is: decimal, of 64 bits, white space around it apart.
std::optional<std::int64_t> number_in(std::string_view value);

}  // namespace coord::recipe
