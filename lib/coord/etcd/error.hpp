// Internal. The one table from what gRPC and etcd say to our Code.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "coord/base/result.hpp"

namespace coord::etcd {

// WHAT names the request, ENDPOINT where it went.
Error to_error(const grpc::Status& status, const std::string& what, const std::string& endpoint);

bool is_no_leader(const grpc::Status& status);  // refused before anything was done
bool is_unhealthy(const grpc::Status& status);  // the same, for want of members that are up
bool is_learner(const grpc::Status& status);    // the same, by a member without a vote
bool is_bad_token(const grpc::Status& status);  // the token has expired, or its server restarted
// No connection: the server has not seen the request.
bool is_never_sent(const grpc::Status& status);
// A lease request met a member that is no longer the leader.
bool is_not_lessor(const grpc::Status& status);

// Somebody may listen at ENDPOINT, and says nothing.
Error no_answer(const std::string& endpoint);
// Why no connection to ENDPOINT came about, from the status of a request that failed for it.
Error connect_error(const grpc::Status& status, const std::string& endpoint, bool tls);

}  // namespace coord::etcd
