#include "coord/recipe/census.hpp"

#include <algorithm>

#include "coord/base/layout.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/base/layout_service.hpp"
#include "coord/base/layout_shapes.hpp"
#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/share.hpp"

namespace coord::recipe {
namespace {

// NAME and what stands behind the last MARK; nothing if one of them is empty.
struct Parts {
  std::string_view name;
  std::string_view rest;
};

std::optional<Parts> split(std::string_view key, std::string_view mark) {
  const std::size_t at = key.rfind(mark);
  if (at == std::string_view::npos || at == 0 || at + mark.size() == key.size())
    return std::nullopt;
  return Parts{key.substr(0, at), key.substr(at + mark.size())};
}

// The queue that KEY is an item of, if it looks like one that coord or Go has put.
std::optional<std::string_view> queue_of(std::string_view key) {
  const auto parts = split(key, "/");
  if (!parts) return std::nullopt;
  const std::string_view digits = parts->rest.substr(0, parts->rest.find('.'));
  if (!layout::is_digits(digits)) return std::nullopt;
  if (layout::is_fifo_item(digits)) return parts->name;
  const auto level = split(parts->name, "/");
  if (!level) return std::nullopt;
  const auto item = layout::parse_queue_item(level->name, key);
  const bool is_item =
      item && item->kind == layout::QueueKind::priority &&
      layout::priority_item(level->name, item->priority, item->number) == item->base;
  return is_item ? std::optional(level->name) : std::nullopt;
}

bool is_claim(std::string_view key) {
  const std::size_t at = key.find("/claims/");
  if (!key.starts_with("__") || at == std::string_view::npos) return false;
  return layout::parse_claim(key.substr(2, at - 2), key).has_value();
}

}  // namespace

void Count::show(const etcd::KeyValue& kv) {
  ++census_.keys;
  close_all_but(kv.key);
  if (show_own(kv)) return;
  if (kv.lease != 0) {
    if (!show_leased(kv) && kv.version == 1)
      questions_.push_back({Question::About::barrier, kv.key, 1});
    return;
  }
  const auto name = queue_of(kv.key);
  if (!name) return;
  if (name->ends_with(layout::dead_queue(""))) {
    ++census_.dead_items;
  } else {
    count(*name, queue, census_.queues);
  }
}

// What stands beside the names.
bool Count::show_own(const etcd::KeyValue& kv) {
  if (!layout::own_part(kv.key).empty()) {
    if (layout::parse_session_key(kv.key) == kv.lease && kv.lease != 0) ++census_.sessions;
    return true;
  }
  if (!is_claim(kv.key)) return false;
  ++census_.claimed_items;
  return true;
}

bool Count::show_leased(const etcd::KeyValue& kv) {
  if (const auto key = layout::parse_lock_key(kv.key); key && key->lease == kv.lease) {
    if (layout::is_alive_key(kv.key)) return true;
    Open& name = open(key->name);
    ++name.contenders;
    if (name.contenders == 1 || kv.create_revision < name.oldest_revision) {
      name.oldest_revision = kv.create_revision;
      name.oldest = kv.key;
    }
    return true;
  }
  if (const auto key = layout::parse_rwlock_key(kv.key)) {
    count(key->name, rwlock, census_.rwlocks);
    return true;
  }
  if (const auto barrier = layout::parse_waiter_key(kv.key)) {
    count(*barrier, double_barrier, census_.double_barriers);
    return true;
  }
  const auto endpoint = layout::parse_endpoint_key(kv.key);
  if (!endpoint) return false;
  count(*endpoint, service, census_.services);
  return true;
}

Count::Open& Count::open(std::string_view name) {
  auto place = std::ranges::find_if(open_, [&](const Open& one) { return one.name == name; });
  if (place != open_.end()) return *place;
  place =
      std::ranges::find_if(open_, [&](const Open& one) { return one.name.size() > name.size(); });
  return *open_.insert(place, Open{.name = std::string(name), .oldest = {}});
}

void Count::count(std::string_view name, Kind kind, Tally& tally) {
  ++tally.keys;
  if (!std::exchange(open(name).seen.at(kind), true)) ++tally.names;
}

// Keys of one name stand together, though those of names below it may stand between them.
void Count::close_all_but(std::string_view key) {
  const auto goes_on = [&](const Open& one) {
    return key.size() > one.name.size() && key[one.name.size()] == '/' && key.starts_with(one.name);
  };
  while (!open_.empty() && !goes_on(open_.back())) {
    close(open_.back());
    open_.pop_back();
  }
}

void Count::close(const Open& name) {
  if (name.contenders > 0)
    questions_.push_back({Question::About::contenders, name.oldest, name.contenders});
}

void Count::end() { close_all_but(""); }

std::vector<Count::Question> Count::take_questions() { return std::exchange(questions_, {}); }

void Count::answer(const Question& question, const std::optional<std::string>& value,
                   bool has_holder) {
  if (!value) return;
  const auto info = HolderInfo::from_json(*value);
  if (question.about == Question::About::barrier) {
    if (info) ++census_.leased_barriers;
    return;
  }
  const bool is_candidate = has_holder || (!info && !value->empty());
  Tally& tally = is_candidate              ? census_.elections
                 : info && info->slots > 0 ? census_.semaphores
                                           : census_.locks;
  ++tally.names;
  tally.keys += question.keys;
}

}  // namespace coord::recipe
