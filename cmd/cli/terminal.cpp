#include "cmd/cli/terminal.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

namespace coord::cli {
namespace {

// Turns the echo off while it lives. Ctrl-C and the like are held back meanwhile, so that they
// cannot end the process with the echo off; read_line() looks for them.
class Silence {
 public:
  explicit Silence(int fd) : fd_(fd) {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_mask_);
    known_ = ::tcgetattr(fd_, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    if (known_) ::tcsetattr(fd_, TCSAFLUSH, &quiet);
  }
  ~Silence() {
    if (known_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    ::pthread_sigmask(SIG_SETMASK, &before_mask_, nullptr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int fd_;
  bool known_ = false;
  termios before_{};
  sigset_t before_mask_{};
};

constexpr char kInterrupt = '\x03';

// False when the user gave up.
bool read_line(int fd, std::string& line) {
  char c = 0;
  while (::read(fd, &c, 1) == 1) {
    if (c == '\n') return true;
    if (c == kInterrupt) return false;
    line += c;
  }
  return !line.empty();
}

void say(int fd, std::string_view text) {
  if (::write(fd, text.data(), text.size()) < 0)
    return;  // then the user sees no prompt; nothing depends on it
}

}  // namespace

Result<std::string> ask_secret(const std::string& prompt) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    return fail(Code::usage, "a password is needed, and there is no terminal to ask on",
                "use --password-file or COORD_PASSWORD");
  }
  std::string secret;
  bool given = false;
  {
    const Silence silence(fd);
    say(fd, prompt);
    given = read_line(fd, secret);
    say(fd, "\n");
  }
  ::close(fd);
  if (!given) return fail(Code::cancelled, "no password given");
  return secret;
}

Result<std::string> ask_line(const std::string& prompt) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return fail(Code::usage, "there is no terminal to ask on");
  std::string line;
  say(fd, prompt);
  (void)read_line(fd, line);
  ::close(fd);
  return line;
}

}  // namespace coord::cli
