#include "coord/recipe/registration.hpp"

#include <utility>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Heard = RangeNews::Kind;

namespace {

constexpr Duration kLook = 1s;  // at what our session says of its lease; costs no request

}  // namespace

Registration::Registration(etcd::Client& client, Registered entry,
                           std::unique_ptr<etcd::Session> session, Rival rival, Notifier& changed)
    : client_(&client),
      entry_(std::move(entry)),
      changed_(&changed),
      ttl_(session->ttl()),
      range_(client, {.key = entry_.key}),
      rival_(rival),
      leases_{session->lease()},
      session_(std::move(session)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Registration::~Registration() {
  thread_.request_stop();
  list(false);  // wakes it
}

void Registration::list(bool wanted) {
  const std::lock_guard lock(mutex_);
  wanted_ = wanted;
  wake_.request_stop();
}

std::vector<RegistrationNews> Registration::take_news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

bool Registration::is_listed() const {
  const std::lock_guard lock(mutex_);
  return listed_;
}

std::int64_t Registration::lease() const {
  const std::lock_guard lock(mutex_);
  return session_->lease();
}

Result<> Registration::close(const Context& ctx) {
  thread_.request_stop();
  list(false);
  if (thread_.joinable()) thread_.join();
  return session_->close(ctx);
}

void Registration::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Context wait = one_wait(stop);
    reconcile(Context(stop).at_most(kRequestLimit));
    if (!stop.stop_requested()) follow(wait);
  }
}

// Until list() is called: what it said before this is looked at right after it.
Context Registration::one_wait(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (wake_.stop_requested() && !stop.stop_requested()) wake_ = {};
  return Context(wake_.get_token()).at_most(kLook);
}

void Registration::follow(const Context& ctx) {
  const auto news = range_.next(ctx);
  if (!news) {
    const Code code = news.error().code;
    if (code == Code::timed_out || code == Code::cancelled) return;
    failed(news.error());
    return ctx.sleep(kLook);
  }
  switch (news->kind) {
    case Heard::changed:
      failed_ = false;
      heard_ = news->events.back().kv.mod_revision;
      break;
    case Heard::listed:
    case Heard::relisted:
      failed_ = false;
      heard_ = news->header.revision;
      break;
    case Heard::interrupted:
      return tell(Kind::interrupted, 0, news->error);
    case Heard::resumed:
      return tell(Kind::resumed);
  }
}

const etcd::KeyValue* Registration::entry() const {
  const auto found = range_.keys().find(entry_.key);
  return found == range_.keys().end() ? nullptr : &found->second;
}

void Registration::reconcile(const Context& ctx) {
  if (heard_ < written_ || heard_ == 0) return;  // the news of what we wrote is on its way
  const etcd::KeyValue* const there = entry();
  const bool lost = lease_gone_ || session_->lost();
  const bool stands = there != nullptr && there->lease == session_->lease() && !lost;
  const bool foreign = there != nullptr && !is_ours(*there);
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    wanted = wanted_;
  }
  if (is_listed() && !stands) {
    set_listed(false);
    failed_ = false;
    foreign ? set_taken() : tell(Kind::gone);
  }
  if (!foreign) taken_ = false;
  if (BootClock::now() < again_at_) return;
  if (wanted && foreign && (taken_ || rival_ == Rival::refuse)) return set_taken();
  if (wanted && !(stands && is_listed())) return enter(ctx);
  if (!wanted && there != nullptr && !foreign) return leave(ctx, there->lease);
  if (!wanted && is_listed()) leave(ctx, session_->lease());
}

void Registration::enter(const Context& ctx) {
  again_at_ = after(BootClock::now(), kLook);
  if (const auto ready = renew_session(ctx); !ready) return failed(ready.error());
  const auto entered = enter_registry(*client_, ctx, entry_, session_->lease(), rival_, leases_);
  if (entered) {
    again_at_ = {};
    written_ = entered->mod_revision;
    rival_ = Rival::refuse;
    failed_ = false;
    set_listed(true);
    return tell(Kind::listed, entered->revision);
  }
  if (entered.error().code == Code::busy) return set_taken();
  if (entered.error().code != Code::lost) return failed(entered.error());
  lease_gone_ = true;
  again_at_ = {};
}

Result<> Registration::renew_session(const Context& ctx) {
  if (!lease_gone_ && !session_->lost()) return {};
  COORD_TRY_INTO(auto session, etcd::Session::open(*client_, ctx, ttl_));
  lease_gone_ = false;
  leases_.insert(session->lease());
  const std::lock_guard lock(mutex_);
  std::swap(session_, session);
  return {};
}

void Registration::leave(const Context& ctx, std::int64_t lease) {
  again_at_ = after(BootClock::now(), kLook);
  etcd::Txn txn;
  txn.when({.key = entry_.key, .target = etcd::CompareTarget::lease, .number = lease});
  txn.then(etcd::DeleteRequest{.key = entry_.key});
  const auto reply = etcd::Kv(*client_).txn(ctx, txn, etcd::Repeat::safe);
  if (!reply) return failed(reply.error());
  again_at_ = {};
  if (reply->succeeded) written_ = reply->header.revision;
  set_listed(false);
  tell(Kind::unlisted);
}

void Registration::set_listed(bool listed) {
  const std::lock_guard lock(mutex_);
  listed_ = listed;
}

void Registration::set_taken() {
  if (!std::exchange(taken_, true)) tell(Kind::taken);
}

// An outage is told by what follows the key.
void Registration::failed(Error error) {
  again_at_ = after(BootClock::now(), kLook);
  const bool passing = error.code == Code::unavailable || error.code == Code::timed_out ||
                       error.code == Code::cancelled;
  if (!passing && !std::exchange(failed_, true)) tell(Kind::failed, 0, std::move(error));
}

void Registration::tell(Kind kind, std::int64_t revision, Error error) {
  {
    const std::lock_guard lock(mutex_);
    news_.push_back({kind, revision, std::move(error)});
  }
  changed_->post();
}

}  // namespace coord::recipe
