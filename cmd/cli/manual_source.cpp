#include "cmd/cli/manual_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "cmd/cli/manual.hpp"

namespace coord::cli {

using Kind = Block::Kind;

ManualSource::ManualSource(std::string_view text) {
  for (Block& block : completed(parse_manual(text))) {
    if (block.kind == Kind::title) {
      title_ = block.text;
    } else if (block.kind == Kind::heading) {
      sections_.push_back({block.text, {}});
    } else if (!sections_.empty()) {
      sections_.back().blocks.push_back(std::move(block));
    }
  }
}

Blocks ManualSource::take(const std::string& name) {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  if (found == sections_.end()) return {};
  Blocks blocks = std::move(found->blocks);
  sections_.erase(found);
  return blocks;
}

std::string ManualSource::section(const std::string& name) {
  const Blocks blocks = take(name);
  return blocks.empty() ? "" : ".Sh " + name + '\n' + to_mdoc(blocks);
}

std::string ManualSource::middle() {
  std::string page;
  std::vector<std::string> names;
  for (const Section& each : sections_) {
    if (each.name != "EXAMPLES" && each.name != "SEE ALSO" && each.name != "CAVEATS")
      names.push_back(each.name);
  }
  for (const std::string& name : names) page += section(name);
  return page;
}

std::string ManualSource::see_also(const std::string& always) {
  std::set<std::pair<std::string, std::string>> pages;  // section, name
  std::string all = always;
  for (const Block& block : take("SEE ALSO")) all += ' ' + block.text;
  std::ranges::replace(all, ',', ' ');
  std::istringstream words(all);
  for (std::string word; words >> word;) {
    const auto open = word.find('(');
    if (open != std::string::npos) pages.emplace(word.substr(open + 1, 1), word.substr(0, open));
  }
  std::string lines;
  for (const auto& [section, name] : pages)
    lines += fmt::format("{}.Xr {} {}", lines.empty() ? "" : " ,\n", name, section);
  return lines.empty() ? "" : ".Sh SEE ALSO\n" + lines + '\n';
}

}  // namespace coord::cli
