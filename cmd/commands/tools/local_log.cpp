#include "cmd/commands/tools/local_log.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <ranges>
#include <vector>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

using Json = nlohmann::json;

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(std::move(line));
  }
  return lines;
}

// A field of a line that is JSON; empty for all others.
std::string field(const std::string& line, const char* name) {
  const Json entry = Json::parse(line, nullptr, false);
  if (!entry.is_object() || !entry.contains(name) || !entry[name].is_string()) return {};
  return entry[name].get<std::string>();
}

// "cannot do this: for that reason"; empty when the line complains about nothing.
std::string complaint(const std::string& line) {
  if (line.starts_with("panic: ") || line.starts_with("fatal error: ")) return line;
  const std::string level = field(line, "level");
  if (level.empty() || level == "info" || level == "debug") return {};
  const std::string error = field(line, "error");
  return error.empty() ? field(line, "msg") : field(line, "msg") + ": " + error;
}

}  // namespace

std::string last_words(const std::string& log) {
  const auto lines = read_lines(log);
  for (const std::string& line : lines | std::views::reverse) {
    if (const std::string text = complaint(line); !text.empty()) return printable(text);
  }
  if (lines.empty()) return "it has left no word";
  const std::string message = field(lines.back(), "msg");
  return printable(message.empty() ? lines.back() : message);
}

std::string logged_version(const std::string& log) {
  for (const std::string& line : read_lines(log)) {
    if (const std::string version = field(line, "etcd-version"); !version.empty()) return version;
  }
  return {};
}

}  // namespace coord::commands
