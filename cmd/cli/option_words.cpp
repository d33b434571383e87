#include "cmd/cli/option_words.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/suggest.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

std::string hint_for(const CLI::App& app, const std::string& name) {
  if (name == "-V") return "did you mean '--version'?";
  if (find_option(app, '-' + name) != nullptr) return fmt::format("did you mean '-{}'?", name);
  if (name.size() > 2) {
    std::vector<std::string> names = option_names(app);
    for (std::string& known : names) known.erase(0, 2);  // the dashes, which every name shares
    if (const auto guess = nearest(name.substr(2), names)) {
      return fmt::format("did you mean '--{}'?", *guess);
    }
  }
  if (app.get_parent() == nullptr) return "the options of a command stand behind its name";
  const std::string list = fmt::format("'coord {} --help' lists them", command_path(app));
  return takes_command(app) ? list : list + "; '--' ends the options";
}

// "-timeout" of "-timeout=5s", as Go's programs have it.
std::string long_part(const std::string& word) { return word.substr(0, word.find('=')); }

bool written_long(const CLI::App& app, const std::string& word) {
  return word.size() > 2 && find_option(app, '-' + long_part(word)) != nullptr;
}

std::unexpected<Error> unknown(const CLI::App& app, const std::string& name) {
  const std::string where = app.get_parent() == nullptr ? "" : command_path(app) + ": ";
  return fail(Code::usage, fmt::format("{}unknown option '{}'", where, name), hint_for(app, name));
}

}  // namespace

bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word != "--";
}

Result<> OptionWords::read(const CLI::App& app, std::size_t& at) {
  const std::string& word = (*args_)[at++];
  return word[1] == '-' ? read_long(app, word, at) : read_short(app, word, at);
}

bool OptionWords::takes_next_word(const CLI::App& app, std::size_t at) const {
  const std::string& word = (*args_)[at];
  if (word[1] == '-') {
    const CLI::Option* option = find_option(app, word);
    return option != nullptr && takes_value(*option);
  }
  for (std::size_t i = 1; i < word.size(); ++i) {
    const CLI::Option* option = find_option(app, {'-', word[i]});
    if (option == nullptr) return false;
    if (takes_value(*option)) return i + 1 == word.size();
  }
  return false;
}

Result<> OptionWords::read_long(const CLI::App& app, const std::string& word, std::size_t& at) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const CLI::Option* option = find_option(app, name);
  if (option == nullptr) return unknown(app, name);
  if (takes_value(*option)) {
    if (equals == std::string::npos) return next_value(app, name, at);
    add(app, name, {name, word.substr(equals + 1)});
  } else if (word.size() == equals + 1) {
    return fail(Code::usage, fmt::format("{}: nothing behind the '='", name));
  } else {
    add(app, name, {word});
  }
  return {};
}

Result<> OptionWords::read_short(const CLI::App& app, const std::string& word, std::size_t& at) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const std::string name{'-', word[i]};
    const CLI::Option* option = find_option(app, name);
    if (option == nullptr) return unknown(app, written_long(app, word) ? long_part(word) : name);
    if (!takes_value(*option)) {
      add(app, name, {name});
      continue;
    }
    const std::string rest = word.substr(i + 1);
    if (rest.empty()) return next_value(app, name, at);
    add(app, name, {name, rest[0] == '=' ? rest.substr(1) : rest});
    break;
  }
  return {};
}

Result<> OptionWords::next_value(const CLI::App& app, const std::string& name, std::size_t& at) {
  if (at < args_->size()) {
    add(app, name, {name, (*args_)[at++]});
    return {};
  }
  const std::string placeholder = find_option(app, name)->get_type_name();
  return fail(Code::usage, fmt::format("{} needs a value, {}", name, placeholder));
}

void OptionWords::add(const CLI::App& app, const std::string& name,
                      const std::vector<std::string>& words) {
  if (name == "-h" || name == "--help") {
    help = true;
  } else if (name == "--version") {
    version = true;
  } else {
    auto& target = is_global(app, *find_option(app, name)) ? globals : locals;
    target.insert(target.end(), words.begin(), words.end());
  }
}

}  // namespace coord::cli
