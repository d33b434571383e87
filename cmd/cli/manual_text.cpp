#include "cmd/cli/manual_text.hpp"

#include <sstream>

namespace coord::cli {
namespace {

using Kind = Block::Kind;

struct Line {
  Kind kind;
  std::string text;
};

Line classify(const std::string& line) {
  const auto behind = [&line](std::size_t count) { return line.substr(count); };
  if (line.starts_with("! ")) return {Kind::title, behind(2)};
  if (line.starts_with("# ")) return {Kind::heading, behind(2)};
  if (line.starts_with("$ ")) return {Kind::literal, line};
  if (line.starts_with("  ")) return {Kind::literal, behind(2)};
  if (line.starts_with('@')) return {Kind::generated, behind(1)};
  return {Kind::paragraph, line};
}

bool is_hidden(std::string_view line) {
  return line.starts_with("% ") || line.starts_with("= ") || line.starts_with("& ");
}

bool grows(const Blocks& blocks, Kind kind) {
  return !blocks.empty() && blocks.back().kind == kind &&
         (kind == Kind::paragraph || kind == Kind::literal);
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return count;
}

bool ends_sentence(std::string_view word) {
  return word.ends_with('.') || word.ends_with(".)") || word.ends_with('?');
}

}  // namespace

Blocks parse_manual(std::string_view text) {
  Blocks blocks;
  std::istringstream lines{std::string(text)};
  bool gap = true;  // a blank line ends a block
  for (std::string line; std::getline(lines, line);) {
    if (is_hidden(line)) continue;
    if (line.empty()) {
      gap = true;
      continue;
    }
    Line read = classify(line);
    if (!gap && grows(blocks, read.kind)) {
      blocks.back().text += '\n' + read.text;
    } else {
      blocks.push_back({read.kind, std::move(read.text), {}});
    }
    gap = false;
  }
  return blocks;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, bool each_sentence) {
  std::vector<std::string> lines;
  std::istringstream words{std::string(text)};
  std::string line;
  for (std::string word; words >> word;) {
    const bool full = columns(line) + 1 + columns(word) > width;
    if (!line.empty() && (full || (each_sentence && ends_sentence(line)))) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line += line.empty() ? word : ' ' + word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace coord::cli
