// A Course with a clock of the test's own, and its actions in words that a failed test can show.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "cmd/run/course.hpp"
#include "cmd/run/protocol.hpp"

namespace coord::run {

using namespace std::chrono_literals;

inline const std::vector<std::string> kNothing;

inline std::string word_of(const Action& action) {
  switch (action.kind) {
    case Action::Kind::tell:
      return "tell " + std::to_string(action.number);
    case Action::Kind::forward:
      return "forward " + std::to_string(action.number);
    case Action::Kind::term_tree:
      return "term_tree";
    case Action::Kind::kill_tree:
      return "kill_tree";
    case Action::Kind::kill_holder:
      return "kill holder";
    case Action::Kind::kill_all:
      return "kill_all";
    case Action::Kind::stop_self:
      return "stop_self";
    case Action::Kind::finish:
      return "finish";
  }
  return "?";
}

inline std::string tell(int word) { return "tell " + std::to_string(word); }
inline std::string forward(int signal) { return "forward " + std::to_string(signal); }

class CourseTest : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Words words(const Actions& actions) {
    Words found;
    for (const Action& action : actions) found.push_back(word_of(action));
    return found;
  }

  Words signal(int number) {
    return words(course_.on_signal({.number = number, .sender = 1}, now_));
  }
  Words key(int number) {
    return words(course_.on_signal({.number = number, .from_kernel = true}, now_));
  }
  Words say(int word, std::int64_t a = 0, const std::string& text = "") {
    proc::Message message;
    message.type = word;
    message.a = a;
    message.text = text;
    return words(course_.on_message(std::move(message), now_));
  }
  // TERM and KILL so long after now.
  Words deadline(Duration term, Duration kill) {
    course_.on_deadline({now_ + term, now_ + kill});
    return {};
  }
  Words finished() { return say(kFinished, -1); }
  Words gone() { return words(course_.on_holder_gone()); }
  Words time() { return words(course_.on_time(now_)); }
  void wait(Duration span) { now_ += span; }

  void use(const CourseOptions& options) { course_ = Course(options); }
  // CMD runs, TERM is due in 11 s and KILL in 14 s.
  void start() {
    deadline(11s, 14s);
    say(kStarted, 4711);
  }
  CourseResult result() { return course_.take_result(); }

  BootTime now_{1h};
  Course course_{CourseOptions{.grace = 3s}};
};

}  // namespace coord::run
