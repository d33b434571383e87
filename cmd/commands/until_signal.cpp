#include "cmd/commands/until_signal.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include "coord/base/notifier.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {
namespace {

enum class Source { signals, done };

bool ends_us(int number) {
  return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

}  // namespace

Result<int> until_signal(cli::Env& env, const std::function<Result<int>(const Context&)>& work) {
  COORD_TRY(env.connection());  // may ask for a password: a signal still ends us then
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  std::stop_source stop;
  std::atomic<int> ended_by = 0;
  Notifier done;
  std::jthread listener([&] {
    proc::Poller<Source> poller;
    poller.watch(Source::signals, signals.fd());
    poller.watch(Source::done, done.fd());
    while (poller.wait() && !poller.ready(Source::done)) {
      while (const auto signal = signals.next()) {
        if (signal->number == SIGTSTP) (void)raise(SIGSTOP);
        if (!ends_us(signal->number)) continue;
        ended_by = signal->number;
        stop.request_stop();
      }
    }
  });
  auto result = work(Context(stop.get_token()));
  done.post();
  listener.join();
  if (ended_by != 0 && !result) return proc::die_by_signal(ended_by);
  return result;
}

}  // namespace coord::commands
