#include "cmd/cli/complete.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmd/cli/choices.hpp"
#include "cmd/cli/option_words.hpp"
#include "cmd/cli/topics.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

// Reads the line as argv.cpp does, but with patience.
class Reading {
 public:
  Reading(const CLI::App& root, const Registry& registry, const std::vector<std::string>& words,
          std::size_t at)
      : registry_(&registry), words_(&words), at_(std::min(at, words.size())) {
    cursor_.command = &root;
    if (at_ < words.size()) cursor_.text = words[at_];
  }

  Cursor read() {
    for (std::size_t i = 0; i < at_; ++i) {
      step(i);
      if (cursor_.command_line || lost_) return std::move(cursor_);
    }
    complete();
    return std::move(cursor_);
  }

 private:
  const CLI::App& app() const { return *cursor_.command; }

  Tail tail() const {
    const Command* command = registry_->find(cursor_.command);
    return command ? command->tail : kOperands;
  }

  void step(std::size_t i) {
    const std::string& word = (*words_)[i];
    if (pending_ != nullptr) {
      keep(*std::exchange(pending_, nullptr), word);
    } else if (word == "--" && !operands_only_) {
      operands_only_ = true;
      if (tail().is_command) cursor_.command_line = i + 1;
    } else if (looks_like_option(word) && !operands_only_) {
      word[1] == '-' ? long_option(word) : short_options(word);
    } else {
      operand(i);
    }
  }

  void keep(const CLI::Option& option, const std::string& value) {
    if (!is_global(app(), option) || option.get_lnames().empty()) return;
    cursor_.settings[option.get_lnames().front()].push_back(value);
  }

  void long_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const CLI::Option* option = find_option(app(), word.substr(0, equals));
    if (option == nullptr) return;
    if (equals != std::string::npos) return keep(*option, word.substr(equals + 1));
    if (takes_value(*option)) {
      pending_ = option;
    } else {
      keep(*option, "true");
    }
  }

  void short_options(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const CLI::Option* option = find_option(app(), {'-', word[i]});
      if (option == nullptr) return;
      if (takes_value(*option)) {
        if (i + 1 == word.size()) {
          pending_ = option;
        } else {
          keep(*option, word.substr(word[i + 1] == '=' ? i + 2 : i + 1));
        }
        return;
      }
      keep(*option, "true");
    }
  }

  void operand(std::size_t i) {
    if (!app().get_subcommands({}).empty()) {
      const CLI::App* sub = find_command(app(), (*words_)[i]);
      lost_ = sub == nullptr;
      if (sub != nullptr) cursor_.command = sub;
    } else if (begins_child(i)) {
      cursor_.command_line = i;
    } else {
      operands_.push_back((*words_)[i]);
    }
  }

  // Without a "--" further on, CMD begins behind so many operands.
  bool begins_child(std::size_t i) const {
    const std::size_t own = tail().own_operands;
    if (own == 0 || operands_.size() < own || operands_only_) return false;
    const auto rest = words_->begin() + static_cast<std::ptrdiff_t>(i);
    return std::find(rest, words_->end(), "--") == words_->end();
  }

  void complete() {
    const bool option = cursor_.text.starts_with('-') && !operands_only_;
    if (pending_ != nullptr) return value_of(*pending_, 0);
    if (option) return complete_option();
    if (!app().get_subcommands({}).empty()) return offer_commands(app());
    if (begins_child(at_)) {
      cursor_.command_line = at_;
      return;
    }
    const auto slots = operands_of(app());
    if (slots.empty()) return;
    const std::size_t slot = std::min(operands_.size(), slots.size() - 1);
    if (slot < operands_.size() && !takes_many(*slots[slot])) return;
    value_of(*slots[slot], 0);
  }

  void complete_option() {
    const std::string& word = cursor_.text;
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    if (equals != std::string::npos) {
      if (const CLI::Option* option = find_option(app(), word.substr(0, equals)))
        value_of(*option, equals + 1);
      return;
    }
    if (word.size() > 2 && word[1] != '-') {
      const CLI::Option* option = find_option(app(), word.substr(0, 2));
      if (option != nullptr && takes_value(*option)) value_of(*option, word[2] == '=' ? 3 : 2);
      return;
    }
    offer_options();
  }

  // The value of OPTION, of which the first HEAD bytes of the word are no part.
  void value_of(const CLI::Option& option, std::size_t head) {
    cursor_.head = cursor_.text.substr(0, head);
    cursor_.text.erase(0, head);
    if (option.nonpositional() && !takes_value(option)) {
      offer("true", "");
      return offer("false", "");
    }
    if (option.get_name(true) == "COND" && cursor_.text.starts_with('!')) {
      cursor_.head = "!";
      cursor_.text.erase(0, 1);
    }
    cursor_.kind = option.nonpositional() ? option.get_type_name() : option.get_name(true);
    if (cursor_.kind == "COMMAND" && command_path(app()) == "help") return offer_help();
    const auto choice = choices_of(cursor_.kind, app(), registry_->find(&app()));
    for (const std::string& each : choice) offer(each, "");
  }

  // `help` takes the words of a command, one after the other.
  void offer_help() {
    const CLI::App* about = &root_of(app());
    for (const std::string& word : operands_) {
      about = find_command(*about, word);
      if (about == nullptr) return;
    }
    offer_commands(*about);
    if (!operands_.empty()) return;
    for (const Topic& topic : topics()) offer(std::string(topic.name), std::string(topic.summary));
  }

  void offer_commands(const CLI::App& of) {
    for (const CLI::App* sub : sub_commands(of)) offer(sub->get_name(), sub->get_description());
  }

  void offer_options() {
    for (const CLI::App* at = &app(); at != nullptr; at = at->get_parent()) {
      for (const CLI::Option* option : at->get_options()) {
        if (!option->nonpositional() || option->get_group().empty()) continue;
        const auto& names = option->get_lnames();
        if (names.empty()) offer("-" + option->get_snames().front(), option->get_description());
        // The list of all has each option once; the other names are for those who begin them.
        for (const std::string& name : names) {
          offer("--" + name, option->get_description());
          if (cursor_.text.size() <= 2) break;
        }
      }
    }
    const CLI::Option* exact =
        cursor_.text.size() == 2 ? find_option(app(), cursor_.text) : nullptr;
    if (exact != nullptr) offer(cursor_.text, exact->get_description());
  }

  void offer(const std::string& word, const std::string& description) {
    const bool there =
        std::ranges::find(cursor_.words, word, &Candidate::word) != cursor_.words.end();
    if (word.starts_with(cursor_.text) && !there) cursor_.words.push_back({word, description});
  }

  const Registry* registry_;
  const std::vector<std::string>* words_;
  std::size_t at_;
  Cursor cursor_;
  const CLI::Option* pending_ = nullptr;  // its value is the next word
  bool operands_only_ = false;
  bool lost_ = false;  // behind a word that is no command
  std::vector<std::string> operands_;
};

}  // namespace

Cursor cursor_at(const CLI::App& root, const Registry& registry,
                 const std::vector<std::string>& words, std::size_t at) {
  return Reading(root, registry, words, at).read();
}

Layer typed_layer(const Cursor& cursor) {
  const auto lookup = [&cursor](std::string_view name) {
    const auto found = cursor.settings.find(name);
    return found == cursor.settings.end() ? std::vector<std::string>{} : found->second;
  };
  const auto spelling = [](std::string_view name) { return "--" + std::string(name); };
  return {lookup, spelling, Code::usage};
}

}  // namespace coord::cli
