// How a text of the manual looks on a terminal.
#include <algorithm>
#include <cctype>

#include "cmd/cli/manual_text.hpp"

namespace coord::cli {
namespace {

constexpr std::size_t kWidth = 78;

std::string unquoted(std::string text) {
  std::erase(text, '`');
  return text;
}

std::string lines_of(std::string_view text, std::size_t indent) {
  std::string out;
  for (const std::string& line : wrapped(text, kWidth - indent))
    out += std::string(indent, ' ') + line + '\n';
  return out;
}

std::string literal(const std::string& text) {
  std::string out = "  ";
  for (const char c : text) out += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return out + '\n';
}

std::string list(const Block& block) {
  std::size_t column = 0;
  for (const auto& [term, text] : block.items) column = std::max(column, term.size() + 4);
  column = std::min<std::size_t>(column, 26);
  std::string out;
  for (const auto& [term, text] : block.items) {
    std::string body = lines_of(unquoted(text), column);
    const std::string left = "  " + term;
    if (left.size() + 2 > column) {
      out.append(left).append(1, '\n').append(body);
    } else {
      out += body.replace(0, left.size(), left);
    }
  }
  return out;
}

std::string shown(const Block& block) {
  switch (block.kind) {
    case Block::Kind::title:
      return static_cast<char>(std::toupper(static_cast<unsigned char>(block.text[0]))) +
             block.text.substr(1) + '\n';
    case Block::Kind::heading:
      return block.text + '\n';
    case Block::Kind::literal:
      return literal(block.text);
    case Block::Kind::list:
      return list(block);
    default:
      return lines_of(unquoted(block.text), 0);
  }
}

}  // namespace

std::string to_plain(const Blocks& blocks) {
  std::string text;
  for (const Block& block : blocks) {
    if (!text.empty()) text += '\n';
    text += shown(block);
  }
  return text;
}

}  // namespace coord::cli
