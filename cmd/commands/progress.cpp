#include "cmd/commands/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

constexpr Duration kPause = std::chrono::seconds{1};

}  // namespace

Progress::Progress(const cli::Env& env, std::string what, bool shares_terminal)
    : fd_(env.streams().err),
      what_(std::move(what)),
      on_(proc::is_terminal(fd_) && !env.globals().quiet && !shares_terminal),
      next_(after(BootClock::now(), kPause)) {}

void Progress::at(std::int64_t keys) {
  if (!on_ || BootClock::now() < next_) return;
  const std::string line = fmt::format("\rcoord: {}: {} keys\x1b[K", what_, keys);
  shown_ = ::write(fd_, line.data(), line.size()) > 0;
  next_ = after(BootClock::now(), kPause);
}

void Progress::wipe() {
  constexpr std::string_view kWipe = "\r\x1b[K";
  if (std::exchange(shown_, false) && ::write(fd_, kWipe.data(), kWipe.size()) < 0)
    on_ = false;  // nobody sees it
}

}  // namespace coord::commands
