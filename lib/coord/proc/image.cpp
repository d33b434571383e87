#include "coord/proc/image.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "coord/proc/program.hpp"

namespace coord::proc {
namespace {

constexpr const char* kShell = "/bin/sh";

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (std::string& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

// If the parent ended before prctl() there is no signal to come any more.
bool die_with(pid_t parent) noexcept {
  return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

bool enter_group(const ChildSpec& spec) noexcept {
  if (spec.group == ChildSpec::Group::inherit) return true;
  return setpgid(0, spec.group == ChildSpec::Group::own ? 0 : spec.join_group) == 0;
}

bool put(int from, int to) noexcept { return from < 0 || dup2(from, to) == to; }

bool connect(const ChildSpec& spec) noexcept {
  return put(spec.input, STDIN_FILENO) && put(spec.output, STDOUT_FILENO);
}

}  // namespace

Image::Image(const ChildSpec& spec)
    : paths_(program_paths(spec.argv.front(), spec.environment)),
      words_(spec.argv),
      variables_(spec.environment),
      argv_(pointers(words_)),
      environment_(pointers(variables_)) {
  static char shell[] = "sh";
  static char no_more_options[] = "--";
  shell_argv_ = {shell, no_more_options, nullptr};  // the third is filled in by execute()
  shell_argv_.insert(shell_argv_.end(), argv_.begin() + 1, argv_.end());
}

int Image::execute() noexcept {
  bool denied = false;
  int number = ENOENT;
  for (std::string& path : paths_) {
    execve(path.c_str(), argv_.data(), environment_.data());
    if (errno == ENOEXEC) {
      shell_argv_[2] = path.data();
      execve(kShell, shell_argv_.data(), environment_.data());
    }
    number = errno;
    denied = denied || number == EACCES;
    if (!is_worth_another_path(number)) return number;
  }
  if (denied) return EACCES;
  return paths_.size() == 1 ? number : ENOENT;
}

int Image::replace(const ChildSpec& spec) noexcept {
  spec.signals.restore();
  return execute();
}

void Image::become(const ChildSpec& spec, pid_t parent, int report) noexcept {
  if (!die_with(parent)) _exit(1);
  Failure failure;
  if (enter_group(spec) && connect(spec)) {
    spec.signals.restore();
    failure = {true, execute()};
  } else {
    failure = {false, errno};
  }
  (void)!write(report, &failure, sizeof failure);
  _exit(1);
}

}  // namespace coord::proc
