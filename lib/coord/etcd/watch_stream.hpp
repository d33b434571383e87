// Internal. WatchStream: one watch stream, from its opening to its end. STOP cancels it at any
// time. One thread reads, another one may write meanwhile; cancel() is for any.
#pragma once

#include <memory>
#include <stop_token>

#include "coord/etcd/transport.hpp"
#include "etcdserverpb/watch.grpc.pb.h"

namespace coord::etcd {

class WatchStream {
 public:
  WatchStream(const std::shared_ptr<grpc::Channel>& channel, const std::stop_token& stop)
      : stub_(channel), cancel_(stop, Cancel{this}) {}

  Result<> open(Transport& transport, const Context& ctx) {
    COORD_TRY(transport.prepare(context_, ctx, true));
    stream_ = stub_.Watch(&context_);
    return {};
  }
  bool write(const etcdserverpb::WatchRequest& request) { return stream_->Write(request); }
  bool read(etcdserverpb::WatchResponse& reply) { return stream_->Read(&reply); }
  void cancel() { context_.TryCancel(); }
  grpc::Status finish() { return stream_->Finish(); }

 private:
  struct Cancel {
    WatchStream* stream;
    void operator()() const { stream->cancel(); }
  };

  etcdserverpb::Watch::Stub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<etcdserverpb::WatchRequest, etcdserverpb::WatchResponse>>
      stream_;
  std::stop_callback<Cancel> cancel_;  // from before open(), which may block
};

}  // namespace coord::etcd
