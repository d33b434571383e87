#include "cmd/cli/shell_word.hpp"

#include <cctype>

namespace coord::cli {
namespace {

constexpr std::string_view kSpecialInQuotes = "\\\"$`";
constexpr std::string_view kPlain = "_@%+=:,./-^";

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos;
}

// Does a backslash before C take it as it is?
bool escapes(char quote, char c) {
  if (quote == '"') return kSpecialInQuotes.find(c) != std::string_view::npos;
  return quote == '\0';
}

}  // namespace

ShellWord unquote(std::string_view word) {
  ShellWord result;
  char& quote = result.open_quote;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\' && i + 1 < word.size() && escapes(quote, word[i + 1])) {
      result.text += word[++i];
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote != '\0' || c != '\\') {
      result.text += c;
    }
  }
  return result;
}

std::string quote(std::string_view text, char open_quote) {
  std::string quoted;
  for (const char c : text) {
    if (open_quote == '\'' && c == '\'') {
      quoted += "'\\'";
    } else if (open_quote == '"' ? kSpecialInQuotes.find(c) != std::string_view::npos
                                 : open_quote == '\0' && !is_plain(c)) {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted;
}

std::string in_single_quotes(std::string_view text) { return '\'' + quote(text, '\'') + '\''; }

}  // namespace coord::cli
