// Bookmark: how far a subscriber with a name has come, kept in etcd; one subscriber a name.
//
// Keys: base/layout_topic.hpp. Who has the lock __TOPIC/subscribers/NAME reads the position, and
// moves it in a transaction that the lock's key guards: whoever has lost the lock can't move it,
// and so can't take it back behind one who came later. A position is written after the message was
// dealt with, so after a crash the last one comes again: at least once. Repeating a move is
// harmless.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coord/base/context.hpp"
#include "coord/recipe/lock.hpp"

namespace coord::recipe {

// Behind all messages of the revisions below REVISION and those of REVISION itself whose keys are
// not above KEY; all of them where KEY is empty. Revision 0: at the beginning. As text: "4711", or
// "4711 KEY".
struct Position {
  std::int64_t revision = 0;
  std::string key = {};

  bool covers(const etcd::KeyValue& message) const;
  std::int64_t next_revision() const { return key.empty() ? revision + 1 : revision; }

  std::string text() const;
  static std::optional<Position> parse(std::string_view text);
};

// For one thread. CLIENT and SESSION, whose lease the lock hangs on, must outlive it.
class Bookmark {
 public:
  Bookmark(etcd::Client& client, const etcd::Session& session, const std::string& topic,
           const std::string& name, HolderInfo info);

  // Blocks until nobody else has the name; then what it says, if anything. Errors of
  // Lock::acquire(); Code::bad_data where the key holds something else.
  Result<std::optional<Position>> take(const Context& ctx);

  // One round trip, or as many as it takes to get an answer. Code::lost: somebody else may have the
  // name now.
  Result<> move(const Context& ctx, const Position& position);

 private:
  etcd::Client* client_;
  std::string key_;
  Lock lock_;
  std::optional<Held> held_;
};

}  // namespace coord::recipe
