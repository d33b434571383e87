#include "cmd/run/shared_deadline.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "coord/proc/fd.hpp"

namespace coord::run {

Result<SharedDeadline> SharedDeadline::create() {
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);
  void* memory =
      mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return std::unexpected(proc::os_error("mmap", errno));
  return SharedDeadline(new (memory) Page{});
}

void SharedDeadline::set(Times times) {
  page_->kill_at = times.kill_at.time_since_epoch().count();
  page_->term_at = times.term_at.time_since_epoch().count();
}

std::optional<SharedDeadline::Times> SharedDeadline::get() const {
  const std::int64_t term_at = page_->term_at;
  if (term_at == 0) return std::nullopt;
  return Times{BootTime{Duration{term_at}}, BootTime{Duration{page_->kill_at}}};
}

}  // namespace coord::run
