#include "cmd/cli/rewritten_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "cmd/cli/process_variable.hpp"
#include "cmd/out/width.hpp"

namespace coord::cli {
namespace {

constexpr std::size_t kSpare = 3;  // "^C", and the cursor

void put(int fd, const std::string& text) { (void)!::write(fd, text.data(), text.size()); }

}  // namespace

std::size_t terminal_columns(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ? 80 : size.ws_col;
}

bool can_rewrite(int fd) {
  const char* const term = process_variable("TERM");
  return isatty(fd) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

void rewrite_line(int fd, std::string_view line) {
  const auto part = out::fitting(line, std::max(terminal_columns(fd), kSpare + 1) - kSpare);
  std::string text = "\r";
  text.append(part).append("\x1b[K");
  put(fd, text);
}

void wipe_line(int fd) { put(fd, "\r\x1b[K"); }

}  // namespace coord::cli
