#include "coord/etcd/session.hpp"

#include <algorithm>
#include <random>

namespace coord::etcd {

using namespace std::chrono_literals;

namespace {

// Positive, as etcd's own ids are: negative ones have corrupted stores.
std::int64_t random_lease() {
  std::random_device device;
  std::uniform_int_distribution<std::int64_t> ids(1);
  return ids(device);
}

// A grant that was repeated because its reply was lost meets its own first try.
Result<LeaseGrant> grant_once(Client& client, const Context& ctx, std::chrono::seconds ttl,
                              std::int64_t id) {
  auto grant = Lease(client).grant(ctx, ttl, id);
  if (grant || grant.error().message.find("lease already exists") == std::string::npos)
    return grant;
  COORD_TRY_INTO(const LeaseKeepAlive found, Lease(client).keep_alive_once(ctx, id));
  return LeaseGrant{found.header, id, found.ttl, found.sent};
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(Client& client, const Context& ctx,
                                               std::chrono::seconds ttl, Notifier* changed) {
  const std::int64_t id = random_lease();
  const auto grant = grant_once(client, ctx, ttl, id);
  if (grant) {
    std::unique_ptr<Session> session(new Session(client, *grant, false, changed));
    session->start();
    return session;
  }
  // It may have been granted all the same. Without a connection there is nobody to tell, and it
  // ends by itself.
  if (!client.trouble()) (void)Lease(client).revoke(Context::within(1s), id);
  return std::unexpected(grant.error());
}

Result<std::unique_ptr<Session>> Session::join(Client& client, const Context& ctx,
                                               std::int64_t lease) {
  const BootTime sent = BootClock::now();
  COORD_TRY_INTO(const LeaseTimeToLive found, Lease(client).time_to_live(ctx, lease, false));
  if (found.ttl <= 0s) return fail(Code::lost, "its lease has expired or was revoked");
  const LeaseGrant grant{found.header, lease, found.ttl, sent};
  return std::unique_ptr<Session>(new Session(client, grant, true, nullptr));
}

Session::Session(Client& client, const LeaseGrant& grant, bool joined, Notifier* changed)
    : client_(&client),
      lease_(grant.id),
      cluster_id_(grant.header.cluster_id),
      joined_(joined),
      changed_(changed),
      ttl_(grant.ttl),
      sent_(grant.sent) {}

void Session::start() {
  renewer_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Session::~Session() = default;

std::chrono::seconds Session::ttl() const {
  const std::lock_guard lock(mutex_);
  return ttl_;
}

BootTime Session::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

BootTime Session::expiry() const {
  const std::lock_guard lock(mutex_);
  return after(sent_, ttl_);
}

bool Session::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void Session::run(const std::stop_token& stop) {
  const Context ctx(stop);
  ctx.sleep(ttl() / 4);
  while (!stop.stop_requested() && !lost()) ctx.sleep(renew(stop));
}

Duration Session::renew(const std::stop_token& stop) {
  const Duration ttl_now = ttl();
  const Context ctx = Context(stop).at_most(std::max<Duration>(ttl_now / 8, 500ms));
  const auto renewed = Lease(*client_).keep_alive_once(ctx, lease_);
  if (stop.stop_requested()) return ttl_now;  // close() may have revoked it meanwhile
  const bool gone = renewed ? renewed->ttl <= 0s : renewed.error().code == Code::not_found;
  if (!renewed && !gone) return std::min<Duration>(ttl_now / 10, 500ms);
  {
    const std::lock_guard lock(mutex_);
    lost_ = gone;
    if (!gone && renewed->sent > sent_) {
      sent_ = renewed->sent;
      ttl_ = renewed->ttl;
    }
  }
  if (changed_ != nullptr) changed_->post();
  return ttl_now / 4;
}

Result<> Session::close(const Context& ctx) {
  if (joined_) return {};
  renewer_.request_stop();
  const auto revoked = Lease(*client_).revoke(ctx, lease_);
  if (renewer_.joinable()) renewer_.join();
  if (!revoked && revoked.error().code != Code::not_found) return std::unexpected(revoked.error());
  return {};
}

}  // namespace coord::etcd
