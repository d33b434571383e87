#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/tools/local.hpp"
#include "cmd/commands/tools/local_etcd.hpp"
#include "cmd/commands/tools/local_log.hpp"
#include "cmd/commands/tools/local_process.hpp"

namespace coord::commands {
namespace {

// Of the store, as etcd counts it; the log of writes that is in front of it is left out.
std::int64_t store_size(const LocalPlaces& places) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(places.data() + "/member/snap/db", failed);
  return failed ? 0 : static_cast<std::int64_t>(size);
}

std::string for_people(std::int64_t bytes) {
  constexpr std::array<const char*, 4> kUnits{"B", "KiB", "MiB", "GiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, kUnits[unit]);
}

out::Record status_record(const LocalPlaces& places, pid_t pid) {
  const std::string version = logged_version(places.log());
  const std::int64_t size = store_size(places);
  out::Record record;
  record.add("running", "Running", true)
      .add("endpoint", "Endpoint", out::Readable{places.endpoint()})
      .add("pid", "Pid", std::int64_t{pid})
      .add("version", "Version", out::Text{version})
      .add("data_dir", "DataDir", out::Readable{places.data()})
      .add("db_size", "DBSize", size, out::Zero::keep)
      .add("log", "Log", out::Readable{places.log()});
  record.line("endpoint: " + places.endpoint())
      .line(fmt::format("pid: {}", pid))
      .line("version: " + version)
      .line("data: " + places.data())
      .line("size: " + for_people(size))
      .line("log: " + places.log());
  return record;
}

}  // namespace

Result<int> run_local_status(cli::Env& env) {
  const LocalPlaces places = lasting_places();
  const auto etcd = LocalProcess::find(places.record());
  if (!etcd) {
    out::Record record;
    record.add("running", "Running", false, out::Zero::keep).line("etcd does not run");
    env.print(record);
    return cli::kNo;
  }
  if (!ask_etcd(env.context(), places)) {
    return fail(Code::unavailable,
                fmt::format("local status: etcd (pid {}) runs, but does not answer at {}",
                            etcd->pid(), places.endpoint()),
                "its log is " + places.log());
  }
  env.print(status_record(places, etcd->pid()));
  return cli::kDone;
}

}  // namespace coord::commands
