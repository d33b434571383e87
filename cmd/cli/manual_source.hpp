// ManualSource: a text by hand (manual_text.hpp), section by section, as pages take them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/manual_text.hpp"

namespace coord::cli {

class ManualSource {
 public:
  explicit ManualSource(std::string_view text);

  const std::string& title() const { return title_; }

  // The section of that name, which is taken out; the second one as mdoc, with its heading.
  Blocks take(const std::string& name);
  std::string section(const std::string& name);
  // All but the last ones of a page, in their order.
  std::string middle();
  // "coord-lock(1), flock(1)" as references, in the order that mdoc wants; ALWAYS is among them.
  std::string see_also(const std::string& always);

 private:
  struct Section {
    std::string name;
    Blocks blocks;
  };
  std::string title_;
  std::vector<Section> sections_;
};

}  // namespace coord::cli
