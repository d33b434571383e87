// Many items in one command, from its words, from files and from stdin: what `enqueue` and
// `publish` share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "cmd/cli/env.hpp"
#include "coord/recipe/batches.hpp"

namespace coord::commands {

struct BulkOptions {
  std::vector<std::string> values;  // a single "-": stdin
  std::vector<std::string> files;
  bool null = false;
  bool print_keys = false;

  bool from_stdin() const { return values == std::vector<std::string>{"-"}; }
};

// Where the items go, and what they are called.
struct BulkTarget {
  std::string command;  // "enqueue"
  std::string object;   // "'jobs'"
  std::string item;     // "item"
  std::string look;     // how to see what has become of those whose reply was lost
  std::function<Result<>(const Context&, recipe::Batches::Items, std::vector<recipe::Written>&)>
      put;
  std::function<bool()> in_doubt;
};

// -0, --value-file, --print-keys; the operand VALUE must come last, so it is apart.
void add_bulk_options(CLI::App& app, BulkOptions& options, const std::string& item);
void add_bulk_operands(CLI::App& app, BulkOptions& options, const std::string& item);
Result<> check_bulk(const BulkOptions& options, const std::string& item);  // Code::usage

// Puts them all, as they come, and prints the record of each. Shows on a terminal how far it is.
// What was put before an error is told in it.
Result<> put_in_bulk(const BulkOptions& options, const BulkTarget& target, cli::Env& env);

}  // namespace coord::commands
