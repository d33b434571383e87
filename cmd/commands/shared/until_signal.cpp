#include "cmd/commands/shared/until_signal.hpp"

#include "cmd/commands/shared/interrupt.hpp"
#include "coord/proc/exit_status.hpp"

namespace coord::commands {

Result<int> until_signal(cli::Env& env, const std::function<Result<int>(const Context&)>& work) {
  COORD_TRY(env.connection());  // may ask for a password: a signal still ends us then
  COORD_TRY_INTO(const auto interrupt, Interrupt::take());
  auto result = work(Context(interrupt->stop()));
  if (const auto signal = interrupt->signal(); signal && !result)
    return proc::die_by_signal(*signal);
  return result;
}

}  // namespace coord::commands
