#include "cmd/out/width.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace coord::out {
namespace {

// The C library's own, whatever the user's locale is; only for the calling thread.
class Utf8 {
 public:
  Utf8() : before_(uselocale(own())) {}
  ~Utf8() { uselocale(before_); }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

 private:
  // To make one reads files, so there is one for the process.
  static locale_t own() {
    static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return made;
  }

  locale_t before_;
};

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char sign) { return sign >= ' ' && sign <= '~'; });
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_plain(text)) return text.size();
  const Utf8 locale;
  std::size_t width = 0;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t sign = 0;
    const std::size_t length = std::mbrtowc(&sign, text.data(), text.size(), &state);
    const bool broken = length == 0 || length > text.size();
    const int columns = broken ? 1 : ::wcwidth(sign);
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    if (broken) state = {};
    text.remove_prefix(broken ? 1 : length);
  }
  return width;
}

}  // namespace coord::out
