// The whole tree of words as the program builds it, for tests that ask it things.
#pragma once

#include <CLI/CLI.hpp>

#include "cmd/cli/registry.hpp"
#include "cmd/cli/settings.hpp"
#include "cmd/commands/table.hpp"

namespace coord::cli {

struct WholeTree {
  CLI::App root{"all of it", "coord"};
  Registry registry;

  WholeTree() {
    root.require_subcommand(0, 1);
    for (const Definition& each : commands::table()) each.define(root, registry);
    add_settings(root);
  }
};

}  // namespace coord::cli
