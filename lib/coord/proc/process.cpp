#include "coord/proc/process.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>
#include <ranges>
#include <string>
#include <system_error>

#include "coord/proc/fd.hpp"

namespace coord::proc {
namespace {

// Where the fields behind the name stand, counted from the state: see proc(5).
constexpr std::size_t kParent = 1;
constexpr std::size_t kGroup = 2;
constexpr std::size_t kSession = 3;
constexpr std::size_t kStart = 19;

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string read_file(const std::string& path) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = read(fd.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

// The entries of a directory that are numbers.
std::vector<pid_t> numbers_in(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), closedir);
  std::vector<pid_t> numbers;
  if (!directory) return numbers;
  while (const dirent* const entry =
             readdir(directory.get())) {  // NOLINT(concurrency-mt-unsafe): our own DIR
    if (const auto number = to_number<pid_t>(entry->d_name)) numbers.push_back(*number);
  }
  return numbers;
}

// In a new pid namespace /proc may still be the outer one's, where our numbers mean others.
bool proc_shows_us() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self", ignored) == std::to_string(getpid());
}

}  // namespace

std::optional<Process> parse_stat(std::string_view text) {
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  const auto fields = split(text.substr(close + 1));
  if (fields.size() <= kStart) return {};
  const auto pid = to_number<pid_t>(text.substr(0, open));
  const auto parent = to_number<pid_t>(fields[kParent]);
  const auto group = to_number<pid_t>(fields[kGroup]);
  const auto session = to_number<pid_t>(fields[kSession]);
  const auto start = to_number<std::uint64_t>(fields[kStart]);
  if (!pid || !parent || !group || !session || !start) return {};
  return Process{*pid, *parent, *group, *session, *start, fields.front().front()};
}

std::optional<Process> find_process(pid_t pid) {
  return parse_stat(read_file("/proc/" + std::to_string(pid) + "/stat"));
}

Family::Source Family::best_source() {
  const bool has_files = access("/proc/thread-self/children", F_OK) == 0;
  return has_files ? Source::children_files : Source::every_process;
}

Family::Family(Source source) : source_(source), is_proc_ours_(proc_shows_us()) {
  if (!is_proc_ours_ || source_ == Source::children_files) return;
  for (const pid_t pid : numbers_in("/proc")) {
    if (const auto process = find_process(pid)) children_.emplace(process->parent, pid);
  }
}

std::vector<pid_t> Family::children_of(pid_t parent) const {
  std::vector<pid_t> children;
  if (!is_proc_ours_) return children;
  if (source_ == Source::every_process) {
    const auto [first, last] = children_.equal_range(parent);
    for (const auto& [ignored, pid] : std::ranges::subrange(first, last)) children.push_back(pid);
    return children;
  }
  const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
  for (const pid_t task : numbers_in(tasks)) {
    const std::string text = read_file(tasks + "/" + std::to_string(task) + "/children");
    for (const std::string_view word : split(text)) {
      if (const auto pid = to_number<pid_t>(word)) children.push_back(*pid);
    }
  }
  return children;
}

}  // namespace coord::proc
