// A record as the row of a table.
#pragma once

#include "cmd/out/value.hpp"

namespace coord::out {

// A column for each field that json has, named as there. Those of a nested record stand among the
// others, under its name too where theirs is taken. Of a list of records it says how many there
// are; other lists are joined by commas.
Cells cells_of(const Fields& fields);

}  // namespace coord::out
