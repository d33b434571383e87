#include "cmd/cli/settings.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "coord/base/duration.hpp"

namespace coord::cli {
namespace {

std::optional<bool> parse_bool(const std::string& text) {
  for (const char* yes : {"true", "True", "TRUE", "t", "T", "1"}) {
    if (text == yes) return true;
  }
  for (const char* no : {"false", "False", "FALSE", "f", "F", "0"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

}  // namespace

std::string variable_name(std::string_view prefix, std::string_view setting) {
  std::string name(prefix);
  for (const char c : setting)
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

Layer flag_layer(const CLI::App& root) {
  const auto lookup = [&root](std::string_view name) {
    return root.get_option_no_throw("--" + std::string(name))->results();
  };
  const auto spelling = [](std::string_view name) { return "--" + std::string(name); };
  return {lookup, spelling, Code::usage};
}

Layer variable_layer(const std::string& prefix, Environment environment) {
  const auto spelling = [prefix](std::string_view name) { return variable_name(prefix, name); };
  const auto lookup = [spelling, environment = std::move(environment)](std::string_view name) {
    if (!has_variables(name)) return std::vector<std::string>{};
    const char* value = environment(spelling(name));
    return value == nullptr || *value == '\0' ? std::vector<std::string>{}
                                              : std::vector<std::string>{value};
  };
  return {lookup, spelling, Code::config};
}

Settings::Found Settings::find(std::string_view name) const {
  for (const Layer& layer : layers_) {
    if (auto words = layer.lookup(name); !words.empty()) return {std::move(words), &layer};
  }
  return {};
}

std::size_t Settings::rank(std::string_view name) const {
  const Found found = find(name);
  return found.layer == nullptr ? layers_.size()
                                : static_cast<std::size_t>(found.layer - layers_.data());
}

std::pair<std::size_t, std::string> Settings::origin(std::string_view name) const {
  const Found found = find(name);
  return {rank(name), found.layer == nullptr ? "" : found.layer->spelling(name)};
}

bool Settings::is_of_other_login(std::string_view name) const {
  const Found found = find(name);
  return found.layer != nullptr && found.layer->one_login && rank("user") < rank(name);
}

std::unexpected<Error> Settings::bad(const Found& found, std::string_view name,
                                     const std::string& wanted) const {
  return fail(found.layer->blame, fmt::format("{}: '{}' is not {}", found.layer->spelling(name),
                                              found.words.back(), wanted));
}

Result<std::optional<std::string>> Settings::text(std::string_view name) const {
  const Found found = find(name);
  if (found.layer == nullptr) return std::nullopt;
  return found.words.back();
}

Result<std::string> Settings::file(std::string_view name) const {
  const Found found = find(name);
  if (found.layer == nullptr) return "";
  if (found.words.back().empty())
    return fail(found.layer->blame, found.layer->spelling(name) + " names no file");
  return found.words.back();
}

Result<std::vector<std::string>> Settings::list(std::string_view name) const {
  const Found found = find(name);
  std::vector<std::string> all;
  for (const std::string& word : found.words) {
    auto fields = split_csv(word);
    if (!fields) return bad(found, name, "a comma separated list");
    all.insert(all.end(), fields->begin(), fields->end());
  }
  if (found.layer != nullptr && all.empty()) return bad(found, name, "a comma separated list");
  return all;
}

Result<Duration> Settings::duration(std::string_view name, Duration otherwise) const {
  const Found found = find(name);
  if (found.layer == nullptr) return otherwise;
  auto span = parse_duration(found.words.back());
  if (!span)
    return fail(found.layer->blame, found.layer->spelling(name) + ": " + span.error().message,
                span.error().hint);
  return *span;
}

Result<std::size_t> Settings::number(std::string_view name, std::size_t otherwise) const {
  const Found found = find(name);
  if (found.layer == nullptr) return otherwise;
  const std::string& word = found.words.back();
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return bad(found, name, "a number");
  return number == 0 ? otherwise : number;
}

Result<bool> Settings::boolean(std::string_view name, bool otherwise) const {
  const Found found = find(name);
  if (found.layer == nullptr) return otherwise;
  const auto value = parse_bool(found.words.back());
  if (!value) return bad(found, name, "true or false");
  return *value;
}

int Settings::count(std::string_view name) const {
  return static_cast<int>(find(name).words.size());
}

}  // namespace coord::cli
