#include "cmd/commands/shared/records.hpp"

#include "coord/etcd/wire.hpp"

namespace coord::commands {

out::Fields header_fields(const etcd::Header& header) {
  return {{"cluster_id", "ClusterID", header.cluster_id},
          {"member_id", "MemberID", header.member_id},
          {"revision", "Revision", header.revision},
          {"raft_term", "RaftTerm", header.raft_term}};
}

out::Field header_field(const etcd::Header& header) {
  return {"header", "", header_fields(header)};
}

out::Fields key_value_fields(etcd::KeyValue kv, const std::string& label_prefix) {
  out::Fields fields;
  fields.reserve(6);
  const auto add = [&](const char* name, const char* label, out::Value value) {
    fields.push_back({name, label_prefix + label, std::move(value)});
  };
  add("key", "Key", out::Bytes{std::move(kv.key)});
  add("create_revision", "CreateRevision", kv.create_revision);
  add("mod_revision", "ModRevision", kv.mod_revision);
  add("version", "Version", kv.version);
  add("value", "Value", out::Bytes{std::move(kv.value)});
  add("lease", "Lease", kv.lease);
  return fields;
}

void print_one_key(out::Printer& printer, const etcd::Header& header, etcd::KeyValue kv,
                   std::int64_t count) {
  printer.message([&] { return etcd::wire(etcd::RangeReply{header, {kv}, false, count}); });
  out::Record record;
  record.fields.push_back(header_field(header));
  record.bytes(kv.key).bytes(kv.value);
  out::List kvs;
  kvs.emplace_back(key_value_fields(std::move(kv)));
  record.add("kvs", "", std::move(kvs));
  record.add("more", "More", false).add("count", "Count", count);
  printer.print(record);
}

}  // namespace coord::commands
