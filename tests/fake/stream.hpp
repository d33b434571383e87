// Internal. Stream: the server's end of a two-way stream. gRPC's callbacks only move messages
// between queues; a thread of the stream's own does the work, so that a test may hold it up without
// holding up the others.
//
// Made with new by the service, for gRPC; deletes itself when gRPC has done with it.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <optional>
#include <thread>

#include "fake/gate.hpp"

namespace coord::fake {

template <typename Request, typename Reply>
class Stream : public grpc::ServerBidiReactor<Request, Reply>, public OpenStream {
 public:
  Stream(Gate& gate, const grpc::CallbackServerContext& context, const std::string& method)
      : gate_(gate), caller_(context, [this] { return closed_; }) {
    name = method;
    requires_leader = caller_.requires_leader;
  }

  // Once the whole object is there.
  void start() {
    this->StartRead(&incoming_);
    const std::lock_guard lock(gate_.cluster.mutex);
    gate_.add_stream(this);
    worker_ = std::thread([this] { work(); });
  }

  bool ended() const final { return closed_; }

  void end(const grpc::Status& status) final {
    if (closed_) return;
    closed_ = true;
    gate_.cluster.changed.notify_all();
    if (writing_) {
      last_ = status;  // gRPC takes it only when the write is over
    } else {
      this->Finish(status);
    }
  }

 protected:
  // On the stream's thread, with the cluster's lock.
  virtual void serve(std::unique_lock<std::mutex>& lock, const Request& request) = 0;
  virtual bool has_news() const { return false; }
  virtual void tell_news() {}

  void send(const Reply& reply) {
    if (closed_) return;
    outgoing_.push_back(reply);
    write_next();
  }

  Gate& gate_;
  const Caller caller_;

 private:
  void work() {
    std::unique_lock lock(gate_.cluster.mutex);
    while (!closed_) {
      if (!requests_.empty()) {
        const Request request = std::move(requests_.front());
        requests_.pop_front();
        serve(lock, request);
      } else if (has_news()) {
        tell_news();
      } else if (no_more_requests_ && outgoing_.empty()) {
        end(grpc::Status::OK);
      } else {
        gate_.cluster.changed.wait(lock);
      }
    }
  }

  void write_next() {
    if (writing_ || outgoing_.empty()) return;
    writing_ = true;
    this->StartWrite(&outgoing_.front());
  }

  void OnReadDone(bool ok) override {
    const std::lock_guard lock(gate_.cluster.mutex);
    if (ok) requests_.push_back(std::move(incoming_));
    if (!ok) no_more_requests_ = true;
    gate_.cluster.changed.notify_all();
    if (ok && !closed_) this->StartRead(&incoming_);
  }

  void OnWriteDone(bool) override {
    const std::lock_guard lock(gate_.cluster.mutex);
    writing_ = false;
    outgoing_.pop_front();
    gate_.cluster.changed.notify_all();
    if (last_) {
      this->Finish(*last_);
    } else {
      write_next();
    }
  }

  void OnCancel() override {
    const std::lock_guard lock(gate_.cluster.mutex);
    end({grpc::StatusCode::CANCELLED, "cancelled by the client"});
  }

  void OnDone() override {
    worker_.join();
    {
      const std::lock_guard lock(gate_.cluster.mutex);
      gate_.streams.erase(this);
      gate_.cluster.changed.notify_all();
    }
    delete this;
  }

  Request incoming_;
  std::deque<Request> requests_;
  std::deque<Reply> outgoing_;
  std::optional<grpc::Status> last_;
  bool writing_ = false;
  bool closed_ = false;
  bool no_more_requests_ = false;
  std::thread worker_;
};

}  // namespace coord::fake
