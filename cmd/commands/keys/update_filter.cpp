#include "cmd/commands/keys/update_filter.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "cmd/run/surroundings.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/filter.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

// Far more than etcd takes; it only keeps a runaway FILTER from filling the memory.
constexpr std::size_t kMostOutput = std::size_t{64} << 20U;

proc::ChildSpec spec_of(const std::vector<std::string>& words, const Interrupt& interrupt) {
  proc::ChildSpec spec;
  spec.argv = words;
  spec.environment = proc::Environment(environ).list();
  spec.signals = interrupt.original();
  // On a terminal it must be in the foreground, to ask there and to hear its keys.
  spec.group =
      proc::Terminal::controlling() ? proc::ChildSpec::Group::inherit : proc::ChildSpec::Group::own;
  return spec;
}

std::string how(int wait_status) {
  if (const auto signal = proc::fatal_signal(wait_status))
    return fmt::format("was killed by signal {}", *signal);
  return fmt::format("exited with {}", proc::exit_status(wait_status));
}

// A key of the terminal reaches FILTER at once, and us by a thread that may be a moment behind.
bool interrupts_us_too(int wait_status, const Interrupt& interrupt) {
  const auto fatal = proc::fatal_signal(wait_status);
  if (fatal != SIGINT && fatal != SIGQUIT) return false;
  std::array<pollfd, 1> came{{{interrupt.fd(), POLLIN, 0}}};
  return proc::poll_until(came, after(BootClock::now(), std::chrono::milliseconds{200}))
      .value_or(false);
}

}  // namespace

Result<std::string> UpdateFilter::run(std::string_view input) {
  using Why = proc::FilterEnd::Why;
  const std::vector<std::string>& words = *env_->child();
  auto end = proc::run_filter(spec_of(words, *interrupt_), input,
                              {.output = kMostOutput, .stop = interrupt_->fd()});
  if (!end) return std::unexpected(run::start_failure(end.error()));
  if (end->why == Why::stopped || interrupts_us_too(end->wait_status, *interrupt_))
    return fail(Code::cancelled, "cancelled");
  const std::string name = in_quotes(words.front());
  if (end->why == Why::too_long) {
    return fail(Code::bad_data, fmt::format("{} wrote more than {} MiB", name, kMostOutput >> 20U));
  }
  if (const int status = proc::exit_status(end->wait_status); status != 0) {
    failed_with_ = status;
    return fail(Code::bad_data,
                fmt::format("{} {}, nothing was written", name, how(end->wait_status)));
  }
  return std::move(end->output);
}

}  // namespace coord::commands
