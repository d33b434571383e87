#include "cmd/commands/shared/item_lines.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "coord/proc/poller.hpp"

namespace coord::commands {
namespace {

constexpr std::size_t kMostBytes = 16UL << 20U;

}  // namespace

Result<> ItemLines::await() const {
  if (stop_ < 0) return {};
  std::array<pollfd, 2> fds{{{fd_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  COORD_TRY(proc::poll_until(fds, kNever));
  if (fds[1].revents != 0) return fail(Code::cancelled, "cancelled");
  return {};
}

Result<bool> ItemLines::fill() {
  COORD_TRY(await());
  std::array<char, 65536> chunk{};
  ssize_t got = 0;
  do {
    got = ::read(fd_, chunk.data(), chunk.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return fail(Code::os,
                "cannot read items from stdin: " + std::generic_category().message(errno));
  }
  rest_.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

Result<std::vector<std::string>> ItemLines::next() {
  std::vector<std::string> items;
  while (items.empty() && !over_) {
    const std::size_t from = rest_.size();  // no end was found so far
    COORD_TRY_INTO(const bool more, fill());
    over_ = !more;
    std::size_t begin = 0;
    for (auto end = rest_.find(end_, from); end != std::string::npos;
         end = rest_.find(end_, begin)) {
      items.push_back(rest_.substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
    if (over_ && !rest_.empty()) items.push_back(std::exchange(rest_, {}));
    if (rest_.size() > kMostBytes)
      return fail(Code::bad_data, "an item on stdin has more than 16 MiB",
                  end_ == '\n' ? "an item is a line; -0 if NUL ends them" : "");
  }
  return items;
}

}  // namespace coord::commands
