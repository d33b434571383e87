#include "coord/proc/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "coord/base/bytes.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {
namespace {

constexpr int kNotFound = 127;
constexpr int kNotExecutable = 126;

std::string_view search_path(std::span<const std::string> environment) {
  constexpr std::string_view kVariable = "PATH=";
  for (const std::string& entry : environment) {
    if (entry.starts_with(kVariable)) return std::string_view(entry).substr(kVariable.size());
  }
  return "/bin:/usr/bin";
}

std::string join(std::string_view directory, std::string_view name) {
  std::string path(directory.empty() ? "." : directory);
  if (path.front() == '-')
    path.insert(0, "./");  // a shell that runs it as a script must not see an option
  if (path.back() != '/') path += '/';
  return path.append(name);
}

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

std::vector<std::string> program_paths(std::string_view name,
                                       std::span<const std::string> environment) {
  if (name.empty()) return {""};
  if (name.contains('/')) return {name.front() == '-' ? join("", name) : std::string(name)};
  std::vector<std::string> paths;
  std::string_view rest = search_path(environment);
  for (;;) {
    const std::size_t colon = rest.find(':');
    paths.push_back(join(rest.substr(0, colon), name));
    if (colon == std::string_view::npos) return paths;
    rest.remove_prefix(colon + 1);
  }
}

bool is_worth_another_path(int number) {
  switch (number) {
    case EACCES:
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ESTALE:
    case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

int exec_exit_status(int number) { return number == ENOENT ? kNotFound : kNotExecutable; }

Error exec_error(const std::string& name, std::span<const std::string> paths, int number) {
  Error error = os_error(fmt::format("cannot run '{}'", printable(name)), number);
  if (number != ENOENT) return error;
  error.code = Code::not_found;
  if (const auto found = std::ranges::find_if(paths, exists); found != paths.end()) {
    error.hint =
        fmt::format("'{}' is there: what is missing is its interpreter", printable(*found));
  } else if (!name.contains('/')) {
    error.hint = "no directory in PATH has a program of this name";
  }
  return error;
}

}  // namespace coord::proc
