#include "cmd/cli/argv.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmd/cli/option_words.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

class Walk {
 public:
  Walk(const CLI::App& root, const Registry& registry, const std::vector<std::string>& args,
       std::span<const std::string_view> abbreviated)
      : app_(&root),
        registry_(&registry),
        args_(&args),
        abbreviated_(abbreviated),
        options_(args) {}

  Result<Words> run() {
    while (at_ < args_->size() && !words_.child) {
      const std::string& word = (*args_)[at_];
      if (word == "--" && !operands_only_) {
        COORD_TRY(mark());
      } else if (looks_like_option(word) && !operands_only_) {
        COORD_TRY(option());
      } else {
        COORD_TRY(operand(word));
      }
    }
    for (std::size_t held : held_) COORD_TRY(options_.read(*app_, held));
    if (!options_.help) COORD_TRY(check_operands());
    return assemble();
  }

 private:
  Tail tail() const {
    const Command* command = registry_->find(app_);
    return command ? command->tail : kOperands;
  }

  Result<> mark() {
    ++at_;
    words_.marked = tail().is_command;
    operands_only_ = !words_.marked;
    return words_.marked ? cut() : Result<>();
  }

  Result<> cut() {
    words_.child.emplace(args_->begin() + static_cast<std::ptrdiff_t>(at_), args_->end());
    if (!words_.child->empty()) return {};
    return fail(Code::usage, command_path(*app_) + ": no command behind '--'",
                "usage: " + usage_line(*app_));
  }

  // As etcdctl, whose scripts may have a command's options before its name. Whether such a one
  // takes a value is not known yet: without '=' it does.
  bool is_of_later_command(const std::string& word) const {
    return !abbreviated_.empty() && app_->get_parent() == nullptr && word[1] == '-' &&
           find_option(*app_, word.substr(0, word.find('='))) == nullptr;
  }

  Result<> option() {
    const std::string& word = (*args_)[at_];
    if (is_of_later_command(word)) {
      held_.push_back(at_);
      at_ = std::min(args_->size(), at_ + (word.contains('=') ? 1 : 2));
      return {};
    }
    auto read = options_.read(*app_, at_);
    const bool maybe_of_child = tail().own_operands > 0 && operands_.size() > tail().own_operands;
    if (!read && maybe_of_child) {
      read.error().hint = fmt::format(
          "if it belongs to CMD, put '--' before CMD: coord {} … -- CMD", command_path(*app_));
    }
    return read;
  }

  Result<> operand(const std::string& word) {
    if (!app_->get_subcommands({}).empty()) return command(word);
    const Tail rule = tail();
    if (rule.own_operands > 0 && operands_.size() == rule.own_operands && !mark_follows())
      return cut();
    operands_.push_back(word);
    ++at_;
    return {};
  }

  Result<> command(const std::string& word) {
    if (const CLI::App* found = find_command(*app_, word, abbreviated_)) {
      app_ = found;
      path_.push_back(found->get_name());
      ++at_;
      return {};
    }
    const bool top = app_->get_parent() == nullptr;
    const auto guess = nearest(word, command_names(*app_));
    const std::string list = top ? "'coord help' lists the commands" : commands_line(*app_);
    return fail(Code::usage,
                fmt::format("{}unknown command '{}'", top ? "" : command_path(*app_) + ": ", word),
                guess ? fmt::format("did you mean '{}'?", *guess) : list);
  }

  // Does a bare "--" follow that is no option's value?
  bool mark_follows() const {
    for (std::size_t i = at_; i < args_->size(); ++i) {
      const std::string& word = (*args_)[i];
      if (word == "--") return true;
      if (looks_like_option(word) && options_.takes_next_word(*app_, i)) ++i;
    }
    return false;
  }

  Result<> check_operands() const {
    const std::size_t most = most_operands(*app_);
    if (operands_.size() <= most) return {};
    return fail(Code::usage,
                fmt::format("{}: one word too many: '{}'", command_path(*app_), operands_[most]),
                "usage: " + usage_line(*app_));
  }

  Words assemble() {
    words_.command = app_;
    words_.help = options_.help;
    words_.version = options_.version;
    std::vector<std::string>& words = words_.parser;
    words = options_.globals;
    words.insert(words.end(), path_.begin(), path_.end());
    words.insert(words.end(), options_.locals.begin(), options_.locals.end());
    if (!operands_.empty()) words.emplace_back("--");
    const auto slots = operands_of(*app_);
    for (std::size_t i = 0; i < operands_.size() && !slots.empty(); ++i) {
      const bool guarded = takes_many(*slots[std::min(i, slots.size() - 1)]);
      words.push_back(guarded ? kGuard + operands_[i] : operands_[i]);
    }
    return std::move(words_);
  }

  const CLI::App* app_;  // the last command named
  const Registry* registry_;
  const std::vector<std::string>* args_;
  std::span<const std::string_view> abbreviated_;
  OptionWords options_;
  std::size_t at_ = 0;
  bool operands_only_ = false;
  std::vector<std::size_t> held_;  // options that stood before the command
  std::vector<std::string> path_;
  std::vector<std::string> operands_;
  Words words_;
};

}  // namespace

Result<Words> read_words(const CLI::App& root, const Registry& registry,
                         const std::vector<std::string>& args,
                         std::span<const std::string_view> abbreviated) {
  return Walk(root, registry, args, abbreviated).run();
}

}  // namespace coord::cli
