// The text of the manual and of help topics: man/src/*, by hand, and how it is shown.
//
//   ! TEXT    what the page is about, after its name
//   # TEXT    a heading
//   $ LINE    a command to try; tests/bats/manual.bats runs it
//   % LINE    the same, not shown: what the ones around it need
//   = N       not shown: the status that the line above exits with
//   & LINE    not shown: the line above goes on until INT, which it gets when LINE succeeds; its
//             output is in the file log
//   @NAME     something that the program knows best: see generated() in manual.hpp
//   two blanks in front: printed as it stands; all else is running text, with `words` of commands
//   in backquotes, a blank line between paragraphs
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coord::cli {

struct Block {
  enum class Kind { title, heading, paragraph, literal, list, generated };
  Kind kind = Kind::paragraph;
  std::string text;                                        // lines; of a list nothing
  std::vector<std::pair<std::string, std::string>> items;  // of a list: term, what it means
};
using Blocks = std::vector<Block>;

Blocks parse_manual(std::string_view text);

// For a terminal, 80 columns wide.
std::string to_plain(const Blocks& blocks);
// The body of an mdoc(7) page, from its second section on.
std::string to_mdoc(const Blocks& blocks);

// TEXT as words of a running line of mdoc, and of a line that is printed as it stands.
std::string mdoc_text(std::string_view text);
std::string mdoc_literal(std::string_view text);
// "-n, --nonblock N" as macros: "Fl n , Fl -nonblock Ar N".
std::string mdoc_term(std::string_view term);
// Lines of at most WIDTH columns, broken at blanks; a sentence begins a line where EACH_SENTENCE.
std::vector<std::string> wrapped(std::string_view text, std::size_t width,
                                 bool each_sentence = false);

}  // namespace coord::cli
