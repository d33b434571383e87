#include "cmd/commands/keys/busy_options.hpp"

#include <algorithm>
#include <array>

#include "cmd/cli/define.hpp"
#include "cmd/cli/suggest.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/signal_name.hpp"

namespace coord::commands {
namespace {

using run::OnBusy;

struct Word {
  std::string_view name;
  OnBusy on_busy;
};
constexpr std::array kWords = {Word{"queue", OnBusy::queue}, Word{"latest", OnBusy::latest},
                               Word{"restart", OnBusy::restart}, Word{"signal", OnBusy::signal},
                               Word{"drop", OnBusy::drop}};

Result<OnBusy> on_busy_of(const BusyWords& words, OnBusy by_default) {
  if (!words.on_busy) return words.signal ? OnBusy::signal : by_default;
  const auto* const found = std::ranges::find(kWords, *words.on_busy, &Word::name);
  if (found != kWords.end()) return found->on_busy;
  return cli::none_of("--on-busy", *words.on_busy,
                      {"queue", "latest", "restart", "signal", "drop"});
}

}  // namespace

void add_busy_options(CLI::App& app, BusyWords& words, const std::string& by_default) {
  cli::text(app, "--on-busy", words.on_busy, "POLICY",
            "what comes while CMD runs: queue, latest, restart, signal, drop (" + by_default + ")");
  cli::text(app, "--signal", words.signal, "SIGNAL", "the signal of --on-busy signal (HUP)");
  cli::duration(app, "--grace", words.grace, "between TERM and KILL when CMD is stopped (3s)");
  cli::duration(
      app, "--debounce", words.debounce,
      "act only when nothing has come for so long (0), or for ten times as long something "
      "has");
}

Result<run::BusyOptions> busy_options(const BusyWords& words, OnBusy by_default, bool has_command) {
  if (!has_command && (words.on_busy || words.signal || words.grace || words.debounce)) {
    return fail(Code::usage, "--on-busy, --signal, --grace and --debounce are about CMD",
                "put '-- CMD' behind");
  }
  run::BusyOptions options;
  COORD_TRY_INTO(options.on_busy, on_busy_of(words, by_default));
  if (words.signal && options.on_busy != OnBusy::signal)
    return fail(Code::usage, "--signal is for --on-busy signal");
  COORD_TRY_INTO(options.signal, signal_number("--signal", words.signal.value_or("HUP")));
  options.grace = words.grace.value_or(options.grace);
  options.debounce = words.debounce.value_or(options.debounce);
  return options;
}

Result<int> signal_number(const std::string& option, const std::string& word) {
  if (const auto number = proc::signal_by_name(word)) return *number;
  return fail(Code::usage, option + " " + in_quotes(word) + " is no signal",
              "names as kill -l has them, or a number");
}

}  // namespace coord::commands
