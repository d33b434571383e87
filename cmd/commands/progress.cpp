#include "cmd/commands/progress.hpp"

#include <unistd.h>

namespace coord::commands {
namespace {

constexpr const char* kWipe = "\r\x1b[K";

}  // namespace

Progress::Progress(const cli::Env& env)
    : fd_(env.streams().err), shown_(!env.globals().quiet && ::isatty(fd_) == 1) {}

Progress::~Progress() { say(kWipe); }

bool Progress::due() const { return shown_ && BootClock::now() >= next_; }

void Progress::tell(const std::string& text) {
  next_ = after(BootClock::now(), std::chrono::milliseconds{200});
  say(kWipe + text);
}

void Progress::say(const std::string& text) {
  if (shown_ && ::write(fd_, text.data(), text.size()) < 0) shown_ = false;
}

}  // namespace coord::commands
