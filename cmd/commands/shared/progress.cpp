#include "cmd/commands/shared/progress.hpp"

#include <fmt/format.h>

#include <utility>

#include "cmd/cli/rewritten_line.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirst = 1s;
constexpr Duration kPause = 200ms;

}  // namespace

Progress::Progress(const cli::Env& env, std::string what, bool shares_terminal)
    : fd_(env.streams().err),
      what_(std::move(what)),
      on_(cli::can_rewrite(fd_) && !env.globals().quiet && !shares_terminal),
      next_(after(BootClock::now(), kFirst)) {}

bool Progress::due() const { return on_ && BootClock::now() >= next_; }

void Progress::tell(const std::string& text) {
  next_ = after(BootClock::now(), kPause);
  shown_ = true;
  if (on_) cli::rewrite_line(fd_, fmt::format("coord: {}: {}", what_, text));
}

void Progress::count(std::size_t number, const std::string& noun) {
  if (due()) tell(fmt::format("{} {}s", number, noun));
}

void Progress::wipe() {
  if (std::exchange(shown_, false) && on_) cli::wipe_line(fd_);
}

}  // namespace coord::commands
