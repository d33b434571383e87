// How a text of the manual is written in mdoc(7), so that mandoc and groff have nothing to say.
#include <fmt/format.h>

#include <cstdint>
#include <sstream>

#include "cmd/cli/manual_text.hpp"

namespace coord::cli {
namespace {

using Kind = Block::Kind;
constexpr std::size_t kWidth = 60;  // escapes make lines longer

// One character of UTF-8 that begins at TEXT[at]; AT is put on its last byte.
char32_t decoded(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t code = first & (0x3FU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at + 1 < text.size(); ++i) code = code << 6U | (byte(++at) & 0x3FU);
  return code;
}

std::string escaped(std::string_view text, bool literal) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x80) {
      out += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(decoded(text, i)));
    } else if (c == '\\') {
      out += "\\e";
    } else if (literal && c == '-') {
      out += "\\-";
    } else if (literal && c == '\'') {
      out += "\\(aq";
    } else if (literal && c == '`') {
      out += "\\(ga";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else {
      out += c;
    }
  }
  return out;
}

std::string not_a_request(const std::string& line) {
  return line.starts_with('.') || line.starts_with('\'') ? "\\&" + line : line;
}

// Where backquotes of a line that was broken stay open, the next line goes on in bold.
std::string text_lines(const std::string& text) {
  std::string out;
  bool bold = false;
  for (const std::string& line : wrapped(text, kWidth, true)) {
    std::string made = bold ? "\\fB" : "";
    std::string part;
    const auto flush = [&] {
      made += escaped(part, bold);
      part.clear();
    };
    for (const char c : line) {
      if (c != '`') {
        part += c;
        continue;
      }
      flush();
      bold = !bold;
      made += bold ? "\\fB" : "\\fR";
    }
    flush();
    out += not_a_request(made) + (bold ? "\\fR" : "") + '\n';
  }
  return out;
}

std::string literal_lines(const std::string& text) {
  std::string out = ".Bd -literal -offset indent\n";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += mdoc_literal(line) + '\n';
  return out + ".Ed\n";
}

std::string list(const Block& block) {
  std::string out = ".Bl -tag -width Ds\n";
  for (const auto& [term, text] : block.items)
    out += ".It " + mdoc_term(term) + '\n' + mdoc_text(text);
  return out + ".El\n";
}

}  // namespace

std::string mdoc_text(std::string_view text) { return text_lines(std::string(text)); }
std::string mdoc_literal(std::string_view text) { return not_a_request(escaped(text, true)); }

std::string mdoc_term(std::string_view term) {
  std::string out;
  std::istringstream words{std::string(term)};
  for (std::string word; words >> word;) {
    const bool comma = word.size() > 1 && word.ends_with(',');
    if (comma) word.pop_back();
    const bool placeholder = word[0] >= 'A' && word[0] <= 'Z';
    if (word.size() > 1 && word[0] == '-') {
      out += "Fl " + escaped(word.substr(1), false);
    } else {
      out += (placeholder ? "Ar " : "Cm ") + escaped(word, true);
    }
    out += comma ? " , " : " ";
  }
  out.pop_back();
  return out;
}

std::string to_mdoc(const Blocks& blocks) {
  std::string page;
  bool opened = true;  // behind a heading a paragraph needs no mark
  for (const Block& block : blocks) {
    if (block.kind == Kind::heading) page += ".Sh " + block.text + '\n';
    if (block.kind == Kind::paragraph) page += (opened ? "" : ".Pp\n") + mdoc_text(block.text);
    if (block.kind == Kind::literal) page += literal_lines(block.text);
    if (block.kind == Kind::list) page += list(block);
    opened = block.kind == Kind::heading;
  }
  return page;
}

}  // namespace coord::cli
