// A key that differs between two revisions, as a record.
#pragma once

#include "cmd/out/value.hpp"
#include "coord/recipe/range_diff.hpp"

namespace coord::commands {

// "+ KEY", "- KEY" or "~ KEY" and, WITH_VALUES, what went and came, line by line.
out::Record change_record(const recipe::KeyChange& change, bool with_values);

}  // namespace coord::commands
