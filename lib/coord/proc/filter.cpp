#include "coord/proc/filter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "coord/proc/poller.hpp"

namespace coord::proc {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

// OURS, of the two ends, never blocks.
Result<Pipe> make_pipe(Fd Pipe::* ours) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return std::unexpected(os_error("cannot make a pipe", errno));
  Pipe pipe{Fd(ends[0]), Fd(ends[1])};
  fcntl((pipe.*ours).get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

class Filtering {
 public:
  Filtering(Child child, bool own_group, Fd to, Fd from)
      : child_(std::move(child)),
        own_group_(own_group),
        to_(std::move(to)),
        from_(std::move(from)) {}

  Result<FilterEnd> run(std::string_view input, const FilterLimits& limits) {
    input_ = input;
    if (input_.empty()) to_.reset();
    for (;;) {
      // Asked once: if it ended between two questions, nothing would be left to wait for.
      const bool ended = child_.exited().has_value();
      if (ended && !from_) return end(FilterEnd::Why::ended, 0);
      const int running = ended ? -1 : child_.pidfd();
      std::array<pollfd, 4> fds{{{to_.get(), POLLOUT, 0},
                                 {from_.get(), POLLIN, 0},
                                 {running, POLLIN, 0},
                                 {limits.stop, POLLIN, 0}}};
      COORD_TRY(poll_until(fds, kNever));
      if (fds[3].revents != 0) return stop(limits.grace);
      if (fds[0].revents != 0) write_some();
      if (fds[1].revents != 0) read_some();
      if (end_.output.size() > limits.output) return end(FilterEnd::Why::too_long, SIGKILL);
    }
  }

  // Whatever went wrong: nothing of it is left.
  FilterEnd end(FilterEnd::Why why, int signal) {
    if (signal != 0) send(signal);
    end_.why = why;
    end_.wait_status = child_.reap();
    return std::move(end_);
  }

 private:
  void send(int signal) const {
    child_.signal(signal);
    if (own_group_) child_.signal_group(signal);
  }

  Result<FilterEnd> stop(Duration grace) {
    send(SIGTERM);
    send(SIGCONT);
    std::array<pollfd, 1> ended{{{child_.pidfd(), POLLIN, 0}}};
    [[maybe_unused]] const auto in_time = poll_until(ended, after(BootClock::now(), grace));
    return end(FilterEnd::Why::stopped, SIGKILL);
  }

  void write_some() {
    const ssize_t done = ::write(to_.get(), input_.data(), input_.size());
    if (done > 0) input_.remove_prefix(static_cast<std::size_t>(done));
    const bool closed = done < 0 && errno != EAGAIN && errno != EINTR;
    if (closed || input_.empty()) to_.reset();
  }

  void read_some() {
    std::array<char, 65536> chunk{};
    const ssize_t got = ::read(from_.get(), chunk.data(), chunk.size());
    if (got > 0) end_.output.append(chunk.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) from_.reset();
  }

  Child child_;
  bool own_group_;
  Fd to_;
  Fd from_;
  std::string_view input_;
  FilterEnd end_;
};

std::unexpected<StartError> refuse(Error error) {
  return std::unexpected(StartError{std::move(error), {}});
}

}  // namespace

std::expected<FilterEnd, StartError> run_filter(ChildSpec spec, std::string_view input,
                                                const FilterLimits& limits) {
  auto to = make_pipe(&Pipe::write);
  if (!to) return refuse(std::move(to).error());
  auto from = make_pipe(&Pipe::read);
  if (!from) return refuse(std::move(from).error());
  spec.input = to->read.get();
  spec.output = from->write.get();
  auto child = Child::start(spec);
  if (!child) return std::unexpected(std::move(child).error());
  to->read.reset();
  from->write.reset();
  Filtering filtering(*std::move(child), spec.group == ChildSpec::Group::own, std::move(to->write),
                      std::move(from->read));
  auto end = filtering.run(input, limits);
  if (end) return *std::move(end);
  (void)filtering.end(FilterEnd::Why::stopped, SIGKILL);
  return refuse(std::move(end).error());
}

}  // namespace coord::proc
