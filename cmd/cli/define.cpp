#include "cmd/cli/define.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "coord/base/duration.hpp"

namespace coord::cli {
namespace {

using Results = CLI::results_t;

// "--slots" of "-j,--slots": what a message calls it.
std::string long_name(const std::string& names) {
  const auto dashes = names.find("--");
  return dashes == std::string::npos ? names
                                     : names.substr(dashes, names.find(',', dashes) - dashes);
}

// Of those that CLI11 hands to an option that takes the last: behind a lone "{}", its sign for an
// empty list, newer ones (2.4) put "%%".
const std::string& only(const Results& words) { return words.front(); }

// Through a callback on the raw words: CLI11's own conversion makes nothing of an empty one.
template <typename Target>
CLI::Option* word(CLI::App& app, const std::string& names, Target& target,
                  const std::string& help) {
  const auto take = [&target](const Results& words) {
    target = only(words);
    return true;
  };
  return app.add_option(names, take, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

template <typename Target>
CLI::Option* span(CLI::App& app, const std::string& names, Target& target,
                  const std::string& help) {
  const auto take = [&target, names](const Results& words) {
    const auto parsed = parse_duration(only(words));
    if (!parsed) {
      const std::string text =
          long_name(names) + ": " + parsed.error().message + '\n' + parsed.error().hint;
      throw CLI::ConversionError(text, CLI::ExitCodes::ConversionError);
    }
    target = *parsed;
    return true;
  };
  return app.add_option(names, take, help)
      ->type_name("DURATION")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

template <typename Target>
CLI::Option* whole_number(CLI::App& app, const std::string& names, Target& target,
                          const std::string& help) {
  const auto take = [&target, names](const Results& words) {
    const std::string& digits = only(words);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      throw CLI::ConversionError(long_name(names) + ": '" + digits + "' is not a whole number",
                                 CLI::ExitCodes::ConversionError);
    }
    target = number;
    return true;
  };
  return app.add_option(names, take, help)
      ->type_name("N")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

}  // namespace

CLI::App& add_command(CLI::App& parent, const CommandText& text) {
  CLI::App* app = parent.add_subcommand(text.name, text.summary);
  app->get_help_ptr()->group("Help");
  return *app->group(text.group)->footer(text.examples);
}

// The words themselves never reach CLI11 (argv.hpp), so this is only a mark in the tree.
void command(CLI::App& app) { app.prefix_command(); }

CLI::Option* operand(CLI::App& app, const std::string& name, std::string& target,
                     const std::string& help) {
  return word(app, name, target, help)->type_name(name)->required();
}

CLI::Option* operand(CLI::App& app, const std::string& name, std::optional<std::string>& target,
                     const std::string& help, Shown shown) {
  CLI::Option* option = word(app, name, target, help)->type_name(name);
  return shown == Shown::plain ? option->option_text(name) : option;
}

CLI::Option* operands(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                      const std::string& help, bool required) {
  const auto take = [&target](const Results& words) {
    for (const std::string& guarded : words) target.push_back(guarded.substr(1));  // kGuard
    return true;
  };
  return app.add_option(name, take, help)
      ->type_name(name)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->required(required);
}

CLI::Option* flag(CLI::App& app, const std::string& names, bool& target, const std::string& help) {
  return app.add_flag(names, target, help);
}

CLI::Option* text(CLI::App& app, const std::string& names, std::string& target,
                  const std::string& placeholder, const std::string& help) {
  return word(app, names, target, help)->type_name(placeholder);
}

CLI::Option* text(CLI::App& app, const std::string& names, std::optional<std::string>& target,
                  const std::string& placeholder, const std::string& help) {
  return word(app, names, target, help)->type_name(placeholder);
}

CLI::Option* number(CLI::App& app, const std::string& names, std::int64_t& target,
                    const std::string& help) {
  return whole_number(app, names, target, help);
}

CLI::Option* number(CLI::App& app, const std::string& names, std::optional<std::int64_t>& target,
                    const std::string& help) {
  return whole_number(app, names, target, help);
}

CLI::Option* duration(CLI::App& app, const std::string& names, Duration& target,
                      const std::string& help) {
  return span(app, names, target, help);
}

CLI::Option* duration(CLI::App& app, const std::string& names, std::optional<Duration>& target,
                      const std::string& help) {
  return span(app, names, target, help);
}

CLI::Option* repeatable(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                        const std::string& placeholder, const std::string& help) {
  const auto take = [&target, &app, names](const Results&) {
    target = app.get_option(long_name(names))->results();  // as they were given: see only()
    return true;
  };
  return app.add_option(names, take, help)
      ->type_name(placeholder)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace coord::cli
