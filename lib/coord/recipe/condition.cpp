#include "coord/recipe/condition.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>
#include <utility>

#include "coord/base/bytes.hpp"

namespace coord::recipe {
namespace {

constexpr std::string_view kCount = ":count";
constexpr const char* kHint = "'coord help conditions' shows how one is written";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::unexpected<Error> refuse(std::string_view text, const std::string& why) {
  return fail(Code::usage, fmt::format("condition {}: {}", in_quotes(text), why), kHint);
}

// Is there an operator at the beginning of REST?
bool begins_operator(std::string_view rest) {
  return std::string_view("=<>~").contains(rest.front()) || rest.starts_with("!=") ||
         rest.starts_with("!~");
}

struct Key {
  std::string key;
  std::string_view rest;    // from the operator on
  std::size_t literal = 0;  // so many bytes of the key end with the last one that was escaped
};

// Takes one escaped byte off REST, which is behind the backslash; nothing where that is none.
std::optional<char> unescape(std::string_view& rest) {
  if (rest.starts_with('x') && rest.size() >= 3) {
    const auto byte = unhex(rest.substr(1, 2));
    if (!byte) return std::nullopt;
    rest.remove_prefix(3);
    return byte->front();
  }
  if (rest.empty() || is_alphanumeric(rest.front())) return std::nullopt;
  const char c = rest.front();
  rest.remove_prefix(1);
  return c;
}

Result<Key> read_key(std::string_view text, std::string_view rest) {
  Key read;
  while (!rest.empty() && !begins_operator(rest)) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\\') {
      read.key += c;
      continue;
    }
    const auto byte = unescape(rest);
    if (!byte) return refuse(text, "a backslash in a key stands before a sign, or is \\xHH");
    read.key += *byte;
    read.literal = read.key.size();
  }
  if (read.key.empty()) return refuse(text, "the key is empty");
  read.rest = rest;
  return read;
}

std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

bool compare(std::int64_t is, Relation relation, std::int64_t wanted) {
  switch (relation) {
    case Relation::equal:
      return is == wanted;
    case Relation::not_equal:
      return is != wanted;
    case Relation::less:
      return is < wanted;
    case Relation::at_most:
      return is <= wanted;
    case Relation::greater:
      return is > wanted;
    case Relation::at_least:
      return is >= wanted;
  }
  return false;
}

}  // namespace

std::optional<std::int64_t> number_in(std::string_view value) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = value.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return std::nullopt;
  return whole_number(value.substr(begin, value.find_last_not_of(kBlank) - begin + 1));
}

Result<Condition> Condition::parse(std::string_view text) {
  Condition condition;
  condition.text_ = text;
  const bool negated = text.starts_with('!');
  if (negated && text.size() > 1 && begins_operator(text)) return refuse(text, "the key is empty");
  COORD_TRY_INTO(Key read, read_key(text, negated ? text.substr(1) : text));
  if (negated && !read.rest.empty()) {
    return refuse(text, "'!' stands before a key alone: write KEY!=VALUE, or \\! in a key");
  }
  condition.key_ = std::move(read.key);
  condition.relation_ = negated ? Relation::not_equal : Relation::equal;
  if (read.rest.empty()) return condition;
  if (condition.key_.ends_with(kCount) && read.literal + kCount.size() <= condition.key_.size()) {
    condition.key_.resize(condition.key_.size() - kCount.size());
    condition.kind_ = Kind::count;
    if (condition.key_.empty()) return refuse(text, "the prefix is empty");
  }
  COORD_TRY(condition.read_operator(read.rest));
  return condition;
}

Result<> Condition::read_operator(std::string_view rest) {
  struct Sign {
    std::string_view text;
    Relation relation;
    Kind kind;
  };
  static constexpr Sign kSigns[] = {
      {"!=", Relation::not_equal, Kind::value}, {"!~", Relation::not_equal, Kind::pattern},
      {"<=", Relation::at_most, Kind::number},  {">=", Relation::at_least, Kind::number},
      {"=", Relation::equal, Kind::value},      {"~", Relation::equal, Kind::pattern},
      {"<", Relation::less, Kind::number},      {">", Relation::greater, Kind::number},
  };
  const bool counts = kind_ == Kind::count;
  for (const Sign& sign : kSigns) {
    if (!rest.starts_with(sign.text)) continue;
    relation_ = sign.relation;
    kind_ = sign.kind;
    value_ = rest.substr(sign.text.size());
    break;
  }
  if (counts && kind_ == Kind::pattern) return refuse(text_, "a count is compared with a number");
  if (counts) kind_ = Kind::count;
  if (kind_ == Kind::pattern) return compile();
  if (kind_ == Kind::value) return {};
  const auto number = whole_number(value_);
  if (!number) return refuse(text_, fmt::format("{} is no whole number", in_quotes(value_)));
  number_ = *number;
  return {};
}

Result<> Condition::compile() {
  pattern_ = std::make_shared<const re2::RE2>(value_, re2::RE2::Quiet);
  if (pattern_->ok()) return {};
  return refuse(text_, "bad regular expression: " + pattern_->error());
}

etcd::RangeRequest Condition::request() const {
  if (kind_ != Kind::count) return {.key = key_, .keys_only = kind_ == Kind::existence};
  auto all = etcd::RangeRequest::prefix(key_);
  all.count_only = true;
  return all;
}

bool Condition::holds(const etcd::RangeReply& found) const {
  if (kind_ == Kind::count) return compare(found.count, relation_, number_);
  const bool is_equal = relation_ == Relation::equal;
  if (kind_ == Kind::existence) return !found.kvs.empty() == is_equal;
  if (kind_ != Kind::number && found.kvs.empty()) return !is_equal;
  if (found.kvs.empty()) return false;
  const std::string& is = found.kvs.front().value;
  if (kind_ == Kind::value) return (is == value_) == is_equal;
  if (kind_ == Kind::pattern) return re2::RE2::PartialMatch(is, *pattern_) == is_equal;
  const auto number = number_in(is);
  return number && compare(*number, relation_, number_);
}

std::string Condition::state(const etcd::RangeReply& found) const {
  if (kind_ == Kind::count)
    return found.count == 1 ? std::string("1 key") : fmt::format("{} keys", found.count);
  if (found.kvs.empty()) return "there is no such key";
  if (kind_ == Kind::existence) return "it exists";
  const std::string& is = found.kvs.front().value;
  const bool no_number = kind_ == Kind::number && !number_in(is);
  return fmt::format("it is {}{}", in_quotes(is), no_number ? ", which is no number" : "");
}

}  // namespace coord::recipe
