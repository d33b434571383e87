#include "cmd/commands/keys/reply_records.hpp"

#include <algorithm>
#include <iterator>

namespace coord::commands {
namespace {

// The name that json has for the reply to one request of a transaction.
struct AnyRecord {
  const char* name;
  out::Record record;
};

AnyRecord any_record(etcd::OpReply reply) {
  if (auto* range = std::get_if<etcd::RangeReply>(&reply))
    return {"response_range", range_record(std::move(*range))};
  if (auto* put = std::get_if<etcd::PutReply>(&reply))
    return {"response_put", put_record(std::move(*put))};
  return {"response_delete_range", del_record(std::get<etcd::DeleteReply>(std::move(reply)))};
}

}  // namespace

out::Record put_record(etcd::PutReply reply) {
  out::Record record;
  record.fields.push_back(header_field(reply.header));
  record.line("OK");
  if (reply.prev_kv) {
    record.bytes(reply.prev_kv->key).bytes(reply.prev_kv->value);
    record.add("prev_kv", "", key_value_fields(*std::move(reply.prev_kv), "Prev"));
  }
  return record;
}

out::Record del_record(etcd::DeleteReply reply) {
  out::Record record;
  record.fields.push_back(header_field(reply.header));
  record.add("deleted", "Deleted", reply.deleted);
  record.line(std::to_string(reply.deleted));
  out::List previous;
  for (etcd::KeyValue& kv : reply.prev_kvs) {
    record.bytes(kv.key).bytes(kv.value);
    previous.emplace_back(key_value_fields(std::move(kv), "Prev"));
  }
  record.add("prev_kvs", "", std::move(previous));
  return record;
}

out::Record range_record(etcd::RangeReply reply) {
  out::Record record;
  record.fields.push_back(header_field(reply.header));
  out::List kvs;
  for (etcd::KeyValue& kv : reply.kvs) {
    record.bytes(kv.key).bytes(kv.value);
    kvs.emplace_back(key_value_fields(std::move(kv)));
  }
  record.add("kvs", "", std::move(kvs)).add("more", "More", reply.more);
  record.add("count", "Count", reply.count);
  return record;
}

out::Record txn_record(etcd::TxnReply reply) {
  out::Record record;
  record.fields.push_back(header_field(reply.header));
  record.add("succeeded", "Succeeded", reply.succeeded);
  record.line(reply.succeeded ? "SUCCESS" : "FAILURE");
  out::List responses;
  for (etcd::OpReply& each : reply.replies) {
    AnyRecord one = any_record(std::move(each));
    record.line("");
    std::ranges::move(one.record.lines, std::back_inserter(record.lines));
    out::Fields response{{one.name, "", std::move(one.record.fields)}};
    responses.emplace_back(out::Fields{{"Response", "", std::move(response)}});
  }
  record.add("responses", "", std::move(responses));
  return record;
}

}  // namespace coord::commands
