// Draft: a text that is being edited, in a file of a folder of its own that only the user may read,
// so that what an editor leaves beside it (swap and backup files) is private and goes with it.
#pragma once

#include <string>
#include <string_view>

#include "coord/base/result.hpp"

namespace coord::commands {

class Draft {
 public:
  // In $XDG_RUNTIME_DIR, $TMPDIR or /tmp. The file is called as the last part of KEY, as far as a
  // file can be, so that an editor knows its syntax. Code::os.
  static Result<Draft> make(const std::string& key, std::string_view text);
  ~Draft();  // removes the folder and all in it, unless it is to be kept
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }
  Result<std::string> read() const;  // Code::os
  Result<std::string> write_beside(const std::string& suffix, std::string_view text) const;
  void keep(bool kept = true) { kept_ = kept; }

 private:
  Draft() = default;

  std::string folder_;
  std::string path_;
  bool kept_ = false;
};

}  // namespace coord::commands
