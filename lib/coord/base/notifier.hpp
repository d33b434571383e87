// Notifier: a file descriptor that becomes readable, so that a poll loop hears of things that other
// threads did.
//
// post() may be called from any thread and never blocks; several posts may be seen as one. clear()
// by the reader before it looks at the state that the posts were about. Owns an eventfd.
#pragma once

namespace coord {

class Notifier {
 public:
  Notifier();  // aborts when the process has no file descriptor left
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void post() noexcept;
  void clear() noexcept;
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace coord
