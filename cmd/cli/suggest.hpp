// "Did you mean …": the nearest known word to a misspelt one. Never executed, only shown.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::cli {

// How many letters must be added, left out, changed or swapped with their neighbour to make B of A.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The only candidate that WORD is the beginning of, or that is WORD's (delete, del) unless another
// is one edit away (enviroment: environment, not env); else the nearest one within two edits, or a
// third of the word's length when that is more; the first one of equals.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "OPTION: 'WORD' is none of a, b, c", with the one that was meant as the hint, in either case.
// Code::usage.
std::unexpected<Error> none_of(const std::string& option, const std::string& word,
                               const std::vector<std::string>& words);

}  // namespace coord::cli
