// Signals by their names, as kill(1) takes them. No state; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace coord::proc {

// "HUP", "SIGHUP", "hup", "1". Nothing for what is no signal.
std::optional<int> signal_by_name(std::string_view text);

}  // namespace coord::proc
