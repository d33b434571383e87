#include "coord/recipe/bookmark.hpp"

#include <fmt/format.h>

#include <charconv>

#include "coord/base/bytes.hpp"
#include "coord/base/layout_topic.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

bool Position::covers(const etcd::KeyValue& message) const {
  if (message.mod_revision != revision) return message.mod_revision < revision;
  return key.empty() || message.key <= key;
}

std::string Position::text() const {
  return key.empty() ? std::to_string(revision) : fmt::format("{} {}", revision, key);
}

std::optional<Position> Position::parse(std::string_view text) {
  Position position;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, position.revision);
  if (error != std::errc{} || position.revision < 0) return std::nullopt;
  if (rest == end) return position;
  position.key.assign(rest + 1, end);
  if (*rest != ' ' || position.key.empty()) return std::nullopt;
  return position;
}

Bookmark::Bookmark(etcd::Client& client, const etcd::Session& session, const std::string& topic,
                   const std::string& name, HolderInfo info)
    : client_(&client),
      key_(layout::position_key(topic, name)),
      lock_(client, session, layout::subscriber_lock(topic, name), std::move(info)) {}

Result<std::optional<Position>> Bookmark::take(const Context& ctx) {
  COORD_TRY_INTO(held_, lock_.acquire(ctx));
  COORD_TRY_INTO(const auto reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).range(bounded, {.key = key_});
                 }));
  if (reply.kvs.empty()) return std::nullopt;
  const auto position = Position::parse(reply.kvs.front().value);
  if (position) return position;
  return fail(Code::bad_data, fmt::format("the key {} holds no position", in_quotes(key_)),
              "delete it to begin anew");
}

Result<> Bookmark::move(const Context& ctx, const Position& position) {
  etcd::Txn txn;
  txn.when(held_->is_held()).then(etcd::PutRequest{.key = key_, .value = position.text()});
  COORD_TRY_INTO(const auto reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                 }));
  if (reply.succeeded) return {};
  return fail(Code::lost, fmt::format("its key {} is gone", in_quotes(held_->key)));
}

}  // namespace coord::recipe
