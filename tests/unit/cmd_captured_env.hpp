// An Env whose output a test can read, for a command that runs against a fake server.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "cmd/cli/env.hpp"

namespace coord::cli {

// A file in memory.
class Capture {
 public:
  Capture() : fd_(::memfd_create("capture", MFD_CLOEXEC)) {}
  ~Capture() { ::close(fd_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  int fd() const { return fd_; }

  std::string text() const {
    std::string all(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    return ::pread(fd_, all.data(), all.size(), 0) < 0 ? "unreadable" : all;
  }

 private:
  int fd_;
};

class CapturedEnv {
 public:
  explicit CapturedEnv(const std::string& endpoint, out::Format format = out::Format::simple)
      : env_(globals(endpoint, format), {}, {in_.fd(), out_.fd(), err_.fd()}) {}

  Env& env() { return env_; }
  std::string notes() const { return err_.text(); }

  std::string output() {
    EXPECT_TRUE(env_.out().flush());
    return out_.text();
  }

  // What the command finds on stdin.
  void feed(const std::string& text) {
    EXPECT_EQ(::pwrite(in_.fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }

 private:
  static Globals globals(const std::string& endpoint, out::Format format) {
    Globals globals;
    globals.connection.endpoints = {endpoint};
    globals.format = format;
    return globals;
  }

  Capture in_;
  Capture out_;
  Capture err_;
  Env env_;
};

}  // namespace coord::cli
