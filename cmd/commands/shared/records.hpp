// etcd's replies as records, in the names and the order of etcdctl.
#pragma once

#include "cmd/out/format.hpp"
#include "coord/etcd/types.hpp"

namespace coord::commands {

out::Fields header_fields(const etcd::Header& header);
// "header":{…} in json; fields shows its members as lines of their own.
out::Field header_field(const etcd::Header& header);

// "Key" … or, for what a key was before, "PrevKey" ….
out::Fields key_value_fields(etcd::KeyValue kv, const std::string& label_prefix = "");

// One key as etcdctl's get shows it; COUNT as the server said it, 0 where none was asked.
void print_one_key(out::Printer& printer, const etcd::Header& header, etcd::KeyValue kv,
                   std::int64_t count);

}  // namespace coord::commands
