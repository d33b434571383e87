#include "cmd/cli/report.hpp"

#include <unistd.h>

#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/rewritten_line.hpp"
#include "coord/base/bytes.hpp"

namespace coord::cli {
namespace {

bool is_set(const char* name) { return !variable_text(name).empty(); }

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a program has one name
ErrorText error_text = format_error;

std::string painted(std::string_view text, std::string_view style, bool color) {
  return color ? "\x1b[" + std::string(style) + 'm' + std::string(text) + "\x1b[0m"
               : std::string(text);
}

}  // namespace

std::string format_error(const Error& error, bool color) {
  std::string text = painted("coord:", "1;31", color) + ' ' + printable(error.message);
  if (!error.hint.empty()) text += '\n' + painted("hint: " + printable(error.hint), "2", color);
  return text;
}

std::string spoken(const Error& error, bool color) { return error_text(error, color); }

void speak_as(ErrorText text) { error_text = text; }

bool wants_color(Color color, int fd) {
  if (color != Color::automatic) return color == Color::always;
  if (is_set("NO_COLOR")) return false;
  return is_set("CLICOLOR_FORCE") || can_rewrite(fd);
}

void write_line(int fd, std::string_view text) {
  std::string line(text);
  line += '\n';
  if (::write(fd, line.data(), line.size()) < 0) return;
}

}  // namespace coord::cli
