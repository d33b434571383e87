// Users, roles and permissions as records, in the names and the order of etcdctl.
#pragma once

#include "cmd/cli/env.hpp"
#include "coord/etcd/auth.hpp"

namespace coord::commands {

// A header, and SENTENCE for people.
void print_done(cli::Env& env, const etcd::Header& header, std::string sentence);
// Header and names, without lines; in fields the names are one line called LABEL.
out::Record names_record(const etcd::Names& names, const char* name, const char* label);
out::Record role_record(const std::string& name, const etcd::RolePermissions& role);

// "[a, b)", or "[a, <open ended>".
std::string range_text(const std::string& key, const std::string& range_end);

}  // namespace coord::commands
