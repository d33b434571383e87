#include "coord/etcd/watch_hub.hpp"

#include "coord/etcd/watch_stream.hpp"

namespace coord::etcd {

WatchHub::WatchHub(Transport& transport, std::string prefix)
    : transport_(transport), table_(std::move(prefix)) {}

WatchHub::~WatchHub() = default;  // the reader stops first: it is the last member

std::int64_t WatchHub::add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request) {
  std::int64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = table_.add(std::move(queue), request);
    if (!reader_.joinable())
      reader_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  added_.notify_one();
  const std::lock_guard lock(write_mutex_);
  ask(id);
  return id;
}

void WatchHub::remove(std::int64_t id) {
  const std::lock_guard write_lock(write_mutex_);
  std::int64_t wire = 0;
  {
    const std::lock_guard lock(mutex_);
    wire = table_.remove(id);
  }
  cancel(wire);
}

void WatchHub::resume(const WatchQueue* queue) {
  const std::lock_guard write_lock(write_mutex_);
  std::vector<WatchTable::Resumed> paused;
  {
    const std::lock_guard lock(mutex_);
    paused = table_.resume(queue);
  }
  for (const auto& [id, wire] : paused) {
    cancel(wire);
    ask(id);
  }
}

void WatchHub::request_progress() {
  const std::lock_guard lock(write_mutex_);
  if (stream_ == nullptr) return;
  etcdserverpb::WatchRequest request;
  (void)request.mutable_progress_request();
  stream_->write(request);
}

void WatchHub::begin(std::shared_ptr<WatchStream> stream) {
  const std::lock_guard lock(write_mutex_);
  stream_ = std::move(stream);
  {
    const std::lock_guard table(mutex_);
    table_.begin_stream();
  }
  ask_for_all();
}

// The table no longer knows this id. 0: it stands on no stream.
void WatchHub::cancel(std::int64_t wire) {
  if (stream_ == nullptr || wire == 0) return;
  etcdserverpb::WatchRequest request;
  request.mutable_cancel_request()->set_watch_id(wire);
  stream_->write(request);
}

void WatchHub::ask(std::int64_t id) {
  if (stream_ == nullptr) return;
  std::optional<etcdserverpb::WatchRequest> request;
  {
    const std::lock_guard lock(mutex_);
    request = table_.ask(id);
  }
  if (request) stream_->write(*request);  // a failure shows as the end of the stream
}

void WatchHub::ask_for_all() {
  std::vector<std::int64_t> ids;
  {
    const std::lock_guard lock(mutex_);
    ids = table_.ids();
  }
  for (const std::int64_t id : ids) ask(id);
}

}  // namespace coord::etcd
