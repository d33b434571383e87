#include "coord/recipe/health.hpp"

#include <algorithm>
#include <future>
#include <set>

#include "coord/base/layout.hpp"

namespace coord::recipe {
namespace {

struct Asked {
  MemberHealth health;
  std::unique_ptr<etcd::Client> client;
};

Asked ask(const etcd::Client& client, const Context& ctx, const std::string& endpoint) {
  auto only = etcd::client_of_one(client, endpoint);
  if (!only) return {{endpoint, {}, std::unexpected(only.error())}, nullptr};
  auto status = etcd::Maintenance(**only).status(ctx.at_most(client.options().dial_timeout));
  return {{endpoint, {}, std::move(status)}, *std::move(only)};
}

std::vector<Asked> ask_each(const etcd::Client& client, const Context& ctx,
                            const std::vector<std::string>& endpoints) {
  std::vector<std::future<Asked>> asked;
  asked.reserve(endpoints.size());
  for (const std::string& endpoint : endpoints)
    asked.push_back(std::async(std::launch::async, [&] { return ask(client, ctx, endpoint); }));
  std::vector<Asked> answers;
  answers.reserve(asked.size());
  for (auto& each : asked) answers.push_back(each.get());
  return answers;
}

// "host:port" of "https://host:port".
std::string_view place_of(std::string_view endpoint) {
  const std::size_t at = endpoint.find("://");
  return at == std::string_view::npos ? endpoint : endpoint.substr(at + 3);
}

bool is_at(const etcd::Member& member, const std::string& endpoint) {
  return std::ranges::any_of(member.client_urls, [&](const std::string& url) {
    return place_of(url) == place_of(endpoint);
  });
}

class Looking {
 public:
  Looking(const etcd::Client& client, const Context& ctx) : client_(&client), ctx_(ctx) {}

  Health run() {
    std::vector<std::string> endpoints;
    for (const std::string& endpoint : client_->options().endpoints)
      if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
    take(ask_each(*client_, ctx_, endpoints));
    learn_members();
    take(ask_each(*client_, ctx_, addresses_of_the_rest()));
    name_members();
    learn_alarms();
    return std::move(health_);
  }

 private:
  Context limit() const { return ctx_.at_most(client_->options().dial_timeout); }

  void take(std::vector<Asked> answers) {
    for (Asked& one : answers) {
      if (one.health.status && is_newer(*one.health.status)) {
        health_.newest = *one.health.status;
        newest_ = std::move(one.client);
      }
      health_.members.push_back(std::move(one.health));
    }
  }

  // One that knows a leader before one that does not: it may have been cut off.
  bool is_newer(const etcd::MemberStatus& status) const {
    if (!health_.newest) return true;
    const auto rank = [](const etcd::MemberStatus& one) {
      return std::pair(one.leader != 0, one.raft_term);
    };
    return rank(status) > rank(*health_.newest);
  }

  void learn_members() {
    if (!newest_) return;
    auto list = etcd::Cluster(*newest_).list(limit(), etcd::Consistency::serializable);
    if (list) health_.all = std::move(list->members);
    std::ranges::sort(health_.all, {}, &etcd::Member::id);
  }

  bool was_asked(const etcd::Member& member) const {
    return std::ranges::any_of(health_.members, [&](const MemberHealth& one) {
      return one.status ? one.status->header.member_id == member.id : is_at(member, one.endpoint);
    });
  }

  std::vector<std::string> addresses_of_the_rest() const {
    std::vector<std::string> addresses;
    for (const etcd::Member& member : health_.all)
      if (!member.client_urls.empty() && !was_asked(member))
        addresses.push_back(member.client_urls.front());
    return addresses;
  }

  void name_members() {
    for (MemberHealth& one : health_.members) {
      const auto member = std::ranges::find_if(health_.all, [&](const etcd::Member& each) {
        return one.status ? one.status->header.member_id == each.id : is_at(each, one.endpoint);
      });
      if (member != health_.all.end()) one.member = *member;
    }
    for (const etcd::Member& member : health_.all) {
      if (member.client_urls.empty())
        health_.members.push_back({"", member, fail(Code::unavailable, "it has not started yet")});
    }
  }

  // Asked of the leader's log, which needs one.
  void learn_alarms() {
    if (health_.leader() == 0) return;
    auto list = etcd::Maintenance(*newest_).alarms(limit());
    if (list) health_.alarms = std::move(list->alarms);
  }

  const etcd::Client* client_;
  Context ctx_;
  Health health_;
  std::unique_ptr<etcd::Client> newest_;
};

}  // namespace

std::size_t Health::answering() const {
  std::set<std::uint64_t> ids;
  for (const MemberHealth& one : members)
    if (one.status && !one.status->learner) ids.insert(one.status->header.member_id);
  return ids.size();
}

std::size_t Health::voters() const {
  if (all.empty()) return answering();
  return static_cast<std::size_t>(
      std::ranges::count_if(all, [](const etcd::Member& one) { return !one.learner; }));
}

std::string Health::name_of(std::uint64_t member) const {
  const auto found = std::ranges::find(all, member, &etcd::Member::id);
  return found == all.end() ? std::string{} : found->name;
}

Health look_at_health(const etcd::Client& client, const Context& ctx) {
  return Looking(client, ctx).run();
}

}  // namespace coord::recipe
