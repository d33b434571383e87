#include "cmd/commands/keys/draft.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "cmd/cli/process_variable.hpp"
#include "cmd/commands/shared/read_file.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {
namespace {

std::string parent_folder() {
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    const std::string value = cli::variable_text(name);
    if (value.starts_with('/') && ::access(value.c_str(), W_OK | X_OK) == 0) return value;
  }
  return "/tmp";
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string file_name(std::string key) {
  constexpr std::size_t kMost = 100;
  while (key.ends_with('/')) key.pop_back();
  key.erase(0, key.rfind('/') + 1);
  std::ranges::replace_if(key, [](char c) { return !is_plain(c); }, '_');
  if (key.size() > kMost) key.erase(0, key.size() - kMost);
  // No option of the editor, and no hidden file.
  return key.empty() || key.front() == '-' || key.front() == '.' ? "value" + key : key;
}

Result<> write_file(const std::string& path, std::string_view text) {
  const proc::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  while (fd && !text.empty()) {
    const ssize_t wrote = ::write(fd.get(), text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (fd && text.empty()) return {};
  return std::unexpected(proc::os_error("cannot write " + in_quotes(path), errno));
}

}  // namespace

Result<Draft> Draft::make(const std::string& key, std::string_view text) {
  const std::string parent = parent_folder();
  std::string folder = parent + "/coord-edit.XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr)
    return std::unexpected(proc::os_error("cannot make a folder in '" + parent + "'", errno));
  Draft draft;
  draft.folder_ = folder;
  draft.path_ = folder + '/' + file_name(key);
  COORD_TRY(write_file(draft.path_, text));
  return draft;
}

Draft::Draft(Draft&& other) noexcept
    : folder_(std::move(other.folder_)), path_(std::move(other.path_)), kept_(other.kept_) {
  other.kept_ = true;
}

Draft::~Draft() {
  if (kept_ || folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<std::string> Draft::read() const {
  auto text = read_file(path_);
  if (text) return text;
  return fail(Code::os, "cannot read " + in_quotes(path_) + " after the editor has ended");
}

Result<std::string> Draft::write_beside(const std::string& suffix, std::string_view text) const {
  std::string path = path_ + suffix;
  COORD_TRY(write_file(path, text));
  return path;
}

}  // namespace coord::commands
