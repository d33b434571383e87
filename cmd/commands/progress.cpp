#include "cmd/commands/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirst = 1s;
constexpr Duration kPause = 200ms;

}  // namespace

Progress::Progress(const cli::Env& env, std::string what, bool shares_terminal)
    : fd_(env.streams().err),
      what_(std::move(what)),
      on_(proc::is_terminal(fd_) && !env.globals().quiet && !shares_terminal),
      next_(after(BootClock::now(), kFirst)) {}

bool Progress::due() const { return on_ && BootClock::now() >= next_; }

void Progress::tell(const std::string& text) {
  next_ = after(BootClock::now(), kPause);
  shown_ = true;
  write(fmt::format("\rcoord: {}: {}\x1b[K", what_, text));
}

void Progress::count(std::size_t number, const std::string& noun) {
  if (due()) tell(fmt::format("{} {}s", number, noun));
}

void Progress::wipe() {
  if (std::exchange(shown_, false)) write("\r\x1b[K");
}

void Progress::write(const std::string& text) {
  if (on_ && ::write(fd_, text.data(), text.size()) < 0) on_ = false;  // nobody sees it
}

}  // namespace coord::commands
