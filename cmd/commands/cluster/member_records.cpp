#include "cmd/commands/cluster/member_records.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"

namespace coord::commands {
namespace {

out::List urls(const std::vector<std::string>& all) {
  out::List list;
  for (const std::string& url : all) list.emplace_back(out::Text{url});
  return list;
}

out::Value id_value(std::uint64_t id, Ids ids) {
  return ids == Ids::hex ? out::Value(out::Text{id_text(id)}) : out::Value(id);
}

out::List member_list(const std::vector<etcd::Member>& members, Ids ids) {
  out::List list;
  for (const etcd::Member& member : members) {
    out::Fields fields = member_fields(member, ids);
    fields.push_back(gap());
    list.emplace_back(std::move(fields));
  }
  return list;
}

}  // namespace

out::Fields member_fields(const etcd::Member& member, Ids ids) {
  return {{"ID", "ID", id_value(member.id, ids)},
          {"name", "Name", out::Text{member.name}},
          {"peerURLs", "PeerURL", urls(member.peer_urls)},
          {"clientURLs", "ClientURL", urls(member.client_urls)},
          {"isLearner", "IsLearner", member.learner}};
}

out::Record member_record(const etcd::Header& header, const std::vector<etcd::Member>& members) {
  out::Record record;
  record.fields.push_back(header_field(header));
  record.add("members", "", member_list(members, Ids::decimal));
  return record;
}

out::Record member_list_record(const etcd::MemberList& list, Ids ids) {
  out::Record record;
  out::Fields header = header_fields(list.header);
  if (ids == Ids::hex) {
    header[0].value = id_value(list.header.cluster_id, ids);
    header[1].value = id_value(list.header.member_id, ids);
  }
  record.add("header", "", std::move(header));
  record.add("members", "", member_list(list.members, ids));
  for (const etcd::Member& member : list.members) {
    out::Cells cells{{"ID", id_text(member.id)},
                     {"STATUS", member.name.empty() ? "unstarted" : "started"},
                     {"NAME", member.name},
                     {"PEER ADDRS", fmt::format("{}", fmt::join(member.peer_urls, ","))},
                     {"CLIENT ADDRS", fmt::format("{}", fmt::join(member.client_urls, ","))},
                     {"IS LEARNER", member.learner ? "true" : "false"}};
    record.line(joined(cells));
    record.row(std::move(cells));
  }
  return record;
}

}  // namespace coord::commands
