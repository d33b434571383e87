#include "cmd/commands/shared/people.hpp"

#include <fmt/format.h>

#include <ctime>

#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/base/layout.hpp"

namespace coord::commands {

std::string who_is(const recipe::HolderInfo& info) {
  return printable(fmt::format("{}@{} pid {} ({})", info.user, info.host, info.pid, info.program));
}

std::string who_is(const recipe::Contender& contender) {
  if (contender.info) return who_is(*contender.info);
  return contender.kv.lease == 0 ? "a key without a lease"
                                 : "lease " + layout::lease_hex(contender.kv.lease);
}

std::string note_of(const recipe::Contender& contender) {
  if (!contender.info || contender.info->note.empty()) return "";
  return fmt::format(", \"{}\"", printable(contender.info->note));
}

void add_info(out::Record& record, const std::optional<recipe::HolderInfo>& info) {
  if (!info) return;
  record.add("host", "Host", out::Readable{info->host})
      .add("user", "User", out::Readable{info->user})
      .add("pid", "Pid", info->pid)
      .add("program", "Program", out::Readable{info->program})
      .add("since", "Since", out::Readable{info->since})
      .add("note", "Note", out::Readable{info->note});
}

std::optional<Duration> age_of(const recipe::HolderInfo& info) {
  std::tm since{};
  if (strptime(info.since.c_str(), "%Y-%m-%dT%H:%M:%SZ", &since) == nullptr) return std::nullopt;
  const auto age =
      std::chrono::system_clock::now() - std::chrono::system_clock::from_time_t(timegm(&since));
  return std::max<Duration>(age, Duration{0});
}

std::optional<Duration> age_of(const recipe::Contender& contender) {
  return contender.info ? age_of(*contender.info) : std::nullopt;
}

std::string for_age(const recipe::HolderInfo& info) {
  const auto age = age_of(info);
  return age ? " for " + format_age(*age) : "";
}

std::string for_age(const recipe::Contender& contender) {
  return contender.info ? for_age(*contender.info) : "";
}

std::string kind_of(const std::vector<recipe::Contender>& line) {
  if (line.empty()) return "lock";
  if (line.front().access) return "rwlock";
  if (line.front().proposal) return "election";
  return line.front().is_of_semaphore() ? "semaphore" : "lock";
}

std::string purpose_of(const recipe::Contender& contender) {
  if (!contender.access) return "";
  return *contender.access == layout::Access::read ? " for reading" : " for writing";
}

std::string and_others(std::ptrdiff_t count) {
  if (count <= 0) return "";
  return fmt::format(" and {} other{}", count, count == 1 ? "" : "s");
}

}  // namespace coord::commands
