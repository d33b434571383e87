// What may stand where the cursor is on a line that is being typed, as far as the tree knows: names
// of commands and options, fixed values, or a value of some kind, which is the placeholder of the
// operand or option. Nothing here touches the network, and nothing of the line is executed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/registry.hpp"
#include "cmd/cli/settings.hpp"

namespace coord::cli {

struct Candidate {
  std::string word;
  std::string description;  // may be empty

  bool operator==(const Candidate&) const = default;
};

struct Cursor {
  const CLI::App* command = nullptr;        // the last one that the line names
  std::string head;                         // what its word has before the value: "--endpoints="
  std::string text;                         // what is there of it so far
  std::vector<Candidate> words;             // all that may stand there and begin with it, …
  std::string kind;                         // … or what kind of value; empty: nothing may
  std::optional<std::size_t> command_line;  // where CMD begins, if the cursor is in it
  std::map<std::string, std::vector<std::string>, std::less<>> settings;  // typed so far, by name
};

// WORDS without the program's name; AT is the one to complete, which may be empty or WORDS' end.
// Words that the tree does not have are passed over.
Cursor cursor_at(const CLI::App& root, const Registry& registry,
                 const std::vector<std::string>& words, std::size_t at);

// The settings that were typed, as the best layer; CURSOR must outlive it.
Layer typed_layer(const Cursor& cursor);

}  // namespace coord::cli
