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

void Context::sleep(Duration span) const {
  const BootTime end = std::min(deadline_, after(BootClock::now(), span));
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_until(lock, stop_, end, [] { return false; });
}

}  // namespace coord
