// wire(): a reply as the bytes of etcd's message, for whoever wants to decode it himself. Keys are
// without the client's namespace, as they are in the reply; what a newer server adds to a message
// is not in it.
//
// Messages may be written in pieces: the bytes of one piece behind those of the other are the
// message that has the fields of both. A header that is all zero is left out.
#pragma once

#include <string>

#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::etcd {

std::string wire(const Header& header);  // a reply that is a header and nothing else
std::string wire(const RangeReply& reply);
std::string wire(const PutReply& reply);
std::string wire(const DeleteReply& reply);
std::string wire(const TxnReply& reply);
std::string wire(const WatchReply& reply);  // without its id, which is the client's own
std::string wire(const LeaseGrant& reply);
std::string wire(const LeaseKeepAlive& reply);
std::string wire(const LeaseTimeToLive& reply);
std::string wire(const LeaseList& reply);

}  // namespace coord::etcd
