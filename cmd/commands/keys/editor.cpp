#include "cmd/commands/keys/editor.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include "cmd/cli/process_variable.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

constexpr Duration kGrace = std::chrono::seconds{3};

// What the terminal is set to, to be set again: an editor that was killed leaves it in its own way.
class TerminalMode {
 public:
  TerminalMode() : terminal_(proc::Terminal::controlling()) {
    known_ = terminal_ && ::tcgetattr(terminal_->fd(), &mode_) == 0;
  }
  ~TerminalMode() {
    if (known_) ::tcsetattr(terminal_->fd(), TCSADRAIN, &mode_);
  }
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;

 private:
  std::optional<proc::Terminal> terminal_;
  termios mode_{};
  bool known_ = false;
};

enum class Source { signals, child };

class Sitting {
 public:
  Sitting(proc::Child child, proc::Signals& signals)
      : child_(std::move(child)), signals_(&signals) {
    poller_.watch(Source::signals, signals.fd());
    poller_.watch(Source::child, child_.pidfd());
  }

  Result<EditorEnd> await_end() {
    while (!child_.exited()) {
      COORD_TRY_INTO(const bool any, poller_.wait(kill_at_));
      if (!any && end_.signal) child_.signal(SIGKILL);
      take_signals();
      // Ctrl-Z of an editor that heeds it. TSTP itself is not looked at: some editors do not.
      if (child_.stopped()) {
        (void)raise(SIGSTOP);
        child_.signal(SIGCONT);
      }
    }
    end_.wait_status = child_.reap();
    take_signals();
    return end_;
  }

 private:
  void take_signals() {
    while (const auto signal = signals_->next()) {
      if (signal->number != SIGTERM && signal->number != SIGHUP) continue;
      if (!end_.signal) kill_at_ = after(BootClock::now(), kGrace);
      end_.signal = signal->number;
      child_.signal(signal->number);
      child_.signal(SIGCONT);
    }
  }

  proc::Child child_;
  proc::Signals* signals_;
  proc::Poller<Source> poller_;
  BootTime kill_at_ = kNever;
  EditorEnd end_;
};

}  // namespace

std::vector<std::string> editor_words(const std::string& path) {
  std::string editor = cli::variable_text("VISUAL");
  if (editor.empty()) editor = cli::variable_text("EDITOR");
  if (editor.empty()) editor = "vi";
  if (editor.find_first_of("|&;<>()$`\\\"'*?[#~=%\n") != std::string::npos)
    return {"/bin/sh", "-c", editor + " \"$@\"", editor, path};
  std::istringstream parts(editor);
  std::vector<std::string> words;
  for (std::string word; parts >> word;) words.push_back(word);
  if (words.empty()) words.emplace_back("vi");
  words.push_back(path);
  return words;
}

Result<EditorEnd> run_editor(const std::vector<std::string>& words, proc::Signals& signals) {
  const TerminalMode mode;
  proc::ChildSpec spec;
  spec.argv = words;
  spec.environment = proc::Environment(environ).list();
  spec.group = proc::ChildSpec::Group::inherit;
  spec.signals = signals.original();
  auto child = proc::Child::start(spec);
  if (!child) return std::unexpected(run::start_failure(child.error()));
  return Sitting(*std::move(child), signals).await_end();
}

}  // namespace coord::commands
