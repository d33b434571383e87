// From keys to the variables of an environment. Pure.
#pragma once

#include <map>
#include <string>

#include "cmd/run/event_source.hpp"
#include "coord/etcd/types.hpp"

namespace coord::commands {

// The folder that PREFIX names: one that ends in a letter or digit gets a '/', so that "app" is not
// the beginning of "apple". Code::usage for the empty one, which would be every key.
Result<std::string> env_folder(const std::string& prefix);

// What stands behind PREFIX as a name: whatever is no letter, digit or '_' becomes '_', and one is
// put before a digit. Empty for the folder's own key.
std::string variable_of(const std::string& key, const std::string& prefix, bool upper);

// Ordered by name, without the folder's own key. Code::bad_data, naming the keys: two of one name;
// a value that holds a NUL or is too long for an environment.
Result<run::Variables> env_variables(const std::map<std::string, etcd::KeyValue>& keys,
                                     const std::string& prefix, bool upper);

}  // namespace coord::commands
