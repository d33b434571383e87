// line_diff(): what changed between two values, line by line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coord::commands {

// Lines that went ("-…") and that came ("+…"), in their order, as people may see them: control
// bytes are made visible. What stayed is left out. "\ no newline at the end" follows where only one
// of two values has it. The shortest list for values of ordinary size; of a long one all that lies
// between the first change and the last.
std::vector<std::string> line_diff(std::string_view before, std::string_view after);

}  // namespace coord::commands
