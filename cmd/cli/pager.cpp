#include "cmd/cli/pager.hpp"

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/rewritten_line.hpp"

namespace coord::cli {
namespace {

constexpr int kNoCommand = 127;  // of a shell

bool fits_the_screen(const std::string& text) {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return false;
  return std::ranges::count(text, '\n') < size.ws_row;
}

bool wanted(const std::string& text, const std::string& pager) {
  if (!can_rewrite(STDOUT_FILENO) || isatty(STDIN_FILENO) == 0) return false;
  if (pager.empty() || pager == "cat") return false;
  return !fits_the_screen(text);
}

}  // namespace

std::size_t text_width(int fd) { return std::clamp<std::size_t>(terminal_columns(fd), 40, 80); }

bool show_in_pager(const std::string& text) {
  const char* const own = process_variable("PAGER");
  const std::string pager = own == nullptr ? "less -FRX" : own;
  if (!wanted(text, pager)) return false;
  // NOLINTNEXTLINE(cert-env33-c): PAGER is a line for the shell, as everywhere
  FILE* const pipe = popen(pager.c_str(), "w");
  if (pipe == nullptr) return false;
  // Ctrl-C is the pager's: it must not be left alone with the terminal.
  const auto before = std::signal(SIGINT, SIG_IGN);
  std::fwrite(text.data(), 1, text.size(), pipe);  // a pager that was left early is no error
  const int status = pclose(pipe);
  std::signal(SIGINT, before);
  return !WIFEXITED(status) || WEXITSTATUS(status) != kNoCommand;
}

}  // namespace coord::cli
