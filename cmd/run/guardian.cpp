#include "cmd/run/guardian.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "cmd/run/protocol.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/tree.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

enum class Source { holder, signals, timer, input };

class Guardian {
 public:
  Guardian(proc::Child holder, proc::Channel channel, proc::Signals& signals, proc::Timer timer,
           const GuardianOptions& options)
      : holder_(std::move(holder)),
        channel_(std::move(channel)),
        signals_(&signals),
        timer_(std::move(timer)),
        course_(options.course),
        options_(options),
        herald_(options.herald == nullptr ? &nobody_ : options.herald) {}

  Result<GuardianEnd> run() {
    poller_.watch(Source::holder, channel_.fd());
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::timer, timer_.fd());
    poller_.watch(Source::input, options_.input);
    herald_->wait(options_.what);
    while (!finished_) {
      COORD_TRY(poller_.wait());
      read_deadline();
      if (poller_.ready(Source::holder)) hear_holder();
      // The deadline before any signal: after a suspend it may have passed long ago.
      if (timer_.fired()) look_at_time();
      if (poller_.ready(Source::signals)) take_signals();
      if (poller_.ready(Source::input)) drain_input();
      read_deadline();
      timer_.set(std::min(course_.next_time(), herald_->next_time()));
    }
    let_holder_go();
    GuardianEnd end{course_.take_result(), course_.received()};
    if (!options_.goes_on && (!end.result.lost || !options_.begins_again)) herald_->ends();
    return end;
  }

 private:
  // The clock first: whoever is stopped between the two must not hold an old deadline against it.
  void look_at_time() {
    const BootTime now = BootClock::now();
    read_deadline();
    carry_out(course_.on_time(now));
    const auto times = options_.deadline.get();
    if (now >= herald_->next_time()) herald_->on_time(now, times && now < times->term_at);
  }

  void tell_manager(const proc::Message& message) {
    if (message.type == kWaiting) herald_->waits(message.text);
    if (message.type == kStarted || message.type == kHolding) herald_->holds(options_.what);
    if (message.type == kLost)
      herald_->lost(message.text, options_.begins_again || options_.goes_on);
    if (message.type == kEnded && !options_.course.wait_tree && !options_.goes_on) herald_->ends();
  }

  void read_deadline() {
    if (const auto times = options_.deadline.get()) course_.on_deadline(*times);
  }

  void hear_holder() {
    proc::Message message;
    for (;;) {
      switch (channel_.receive(message)) {
        case proc::Received::nothing:
          return;
        case proc::Received::closed:
          return carry_out(course_.on_holder_gone());
        case proc::Received::message:
          break;
      }
      if (message.type == kStarted) {
        command_ = static_cast<pid_t>(message.a);
        command_fd_ = std::move(message.fd);
      }
      if (message.type == kReady)
        take_signals();  // what was sent before CMD starts keeps it from starting
      if (message.type == kEnded) command_ = 0;  // its number may soon be somebody else's
      tell_manager(message);
      carry_out(course_.on_message(std::move(message), BootClock::now()));
    }
  }

  void take_signals() {
    while (const auto signal = signals_->next()) {
      if (signal->number != SIGCHLD) carry_out(course_.on_signal(*signal, BootClock::now()));
    }
  }

  // What comes on stdin is of no interest, only its end is.
  void drain_input() {
    std::array<char, 4096> bytes{};
    if (read(options_.input, bytes.data(), bytes.size()) > 0) return;
    poller_.forget(Source::input);
    carry_out(course_.on_input_end());
  }

  void carry_out(const Actions& actions) {
    for (const Action& action : actions) {
      switch (action.kind) {
        case Action::Kind::tell:
          (void)channel_.send({.type = action.number});
          if (action.number == kCancel) herald_->ends();
          break;
        case Action::Kind::forward:
          forward(action.number);
          break;
        case Action::Kind::term_tree:
          proc::signal_tree(holder_.pid(), SIGTERM, false);
          proc::signal_tree(holder_.pid(), SIGCONT, false);  // else one that is stopped sleeps on
          break;
        case Action::Kind::kill_tree:
          proc::signal_tree(holder_.pid(), SIGKILL, false);
          break;
        case Action::Kind::kill_holder:
          holder_.signal(SIGKILL);
          break;
        case Action::Kind::kill_all:
          kill_all();
          break;
        case Action::Kind::stop_self:
          (void)raise(SIGSTOP);
          read_deadline();  // it has moved on meanwhile
          break;
        case Action::Kind::finish:
          finished_ = true;
          break;
      }
    }
  }

  void forward(int number) const {
    if (options_.course.wait_tree) return proc::signal_tree(holder_.pid(), number, false);
    if (command_ == 0) return;
    if (!options_.course.shares_terminal) {
      (void)kill(-command_, number);
    } else if (command_fd_) {
      (void)syscall(SYS_pidfd_send_signal, command_fd_.get(), number, nullptr, 0);
    } else {
      (void)kill(command_, number);  // no descriptor was left to send it with
    }
  }

  void kill_all() {
    holder_.signal(SIGKILL);
    (void)proc::kill_all_children(after(BootClock::now(), 5s));
  }

  // It exits right after its last word; nobody should see it later than us.
  void let_holder_go() {
    pollfd gone{holder_.pidfd(), POLLIN, 0};
    (void)proc::poll_until({&gone, 1}, after(BootClock::now(), 2s));
  }

  proc::Child holder_;
  proc::Channel channel_;
  proc::Signals* signals_;
  proc::Timer timer_;
  proc::Poller<Source> poller_;
  Course course_;
  GuardianOptions options_;
  Herald nobody_;
  Herald* herald_;
  pid_t command_ = 0;
  proc::Fd command_fd_;
  bool finished_ = false;
};

}  // namespace

Result<GuardianEnd> guard(proc::Child holder, proc::Channel channel, proc::Signals& signals,
                          const GuardianOptions& options) {
  auto timer = proc::Timer::create();
  if (!timer) return std::unexpected(timer.error());
  return Guardian(std::move(holder), std::move(channel), signals, *std::move(timer), options).run();
}

}  // namespace coord::run
