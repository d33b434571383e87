// Cluster: who the members are, and changing that. One round trip a call, by whichever endpoint
// answers.
//
// Errors: Code::unavailable (no endpoint answered, too few members are up for the change, or the
// reply to a change was lost: then it may have been done), denied, not_found (no such member),
// bad_data (etcd's "Peer URLs already exists", "can only promote a learner …", …).
#pragma once

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

struct Member {
  std::uint64_t id = 0;
  std::string name;                      // empty until it has started for the first time
  std::vector<std::string> peer_urls;    // for other members
  std::vector<std::string> client_urls;  // for us; none until it has started for the first time
  bool learner = false;                  // follows the log without a vote
};

struct MemberList {
  Header header;
  std::vector<Member> members;  // after the change, where there was one
};

struct MemberAdd {
  Header header;
  Member member;  // the new one
  std::vector<Member> members;
};

enum class Consistency {
  linearizable,  // what the majority has agreed on (a server of 3.4 always says what it knows)
  serializable,  // what the member that answers knows: without a majority too, perhaps out of date
};

class Cluster {
 public:
  explicit Cluster(Client& client) : client_(&client) {}

  Result<MemberList> list(const Context& ctx, Consistency consistency = Consistency::linearizable);
  // The new member has no name and no client URLs before it is started.
  Result<MemberAdd> add(const Context& ctx, const std::vector<std::string>& peer_urls,
                        bool learner);
  Result<MemberList> remove(const Context& ctx, std::uint64_t id);
  Result<MemberList> update(const Context& ctx, std::uint64_t id,
                            const std::vector<std::string>& peer_urls);
  // Gives a learner its vote. Code::bad_data while it lags too far behind the leader.
  Result<MemberList> promote(const Context& ctx, std::uint64_t id);

 private:
  Client* client_;
};

}  // namespace coord::etcd
