#include "coord/base/context.hpp"

#include <condition_variable>
#include <mutex>
#include <string>

namespace coord {

Result<> Context::check(std::string_view what) const {
  if (stopped()) return fail(Code::cancelled, std::string(what) + ": cancelled");
  if (expired()) return fail(Code::timed_out, std::string(what) + ": timed out");
  return {};
}

// In slices: threads wait by a clock that stands still while the machine is suspended.
void Context::sleep(Duration span) const {
  constexpr Duration kSlice = std::chrono::milliseconds{500};
  const BootTime end = std::min(deadline_, after(BootClock::now(), span));
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  for (BootTime now = BootClock::now(); now < end && !stopped(); now = BootClock::now())
    wake.wait_until(lock, stop_, std::min(end, after(now, kSlice)), [] { return false; });
}

}  // namespace coord
