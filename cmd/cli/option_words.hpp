// Reads the options among the words of a command line, in the forms that etcdctl takes: --name
// value, --name=value, -w value, -wvalue, -w=value, -qv, --flag, --flag=false.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "coord/base/result.hpp"

namespace coord::cli {

bool looks_like_option(const std::string& word);

class OptionWords {
 public:
  explicit OptionWords(const std::vector<std::string>& args) : args_(&args) {}

  // Reads the option at args[at], as one of APP or of the commands above it, and puts AT behind it
  // and its value. Code::usage for one that nobody has, or whose value is missing.
  Result<> read(const CLI::App& app, std::size_t& at);

  // Is the word after args[at] its value?
  bool takes_next_word(const CLI::App& app, std::size_t at) const;

  std::vector<std::string> globals;  // of the root; each value is a word of its own
  std::vector<std::string> locals;   // of the command
  bool help = false;
  bool version = false;

 private:
  Result<> read_long(const CLI::App& app, const std::string& word, std::size_t& at);
  Result<> read_short(const CLI::App& app, const std::string& word, std::size_t& at);
  Result<> next_value(const CLI::App& app, const std::string& name, std::size_t& at);
  void add(const CLI::App& app, const std::string& name, const std::vector<std::string>& words);

  const std::vector<std::string>* args_;
};

}  // namespace coord::cli
