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

struct Sign {
  std::size_t bytes;
  std::size_t columns;
};

Sign first_sign(std::string_view text, std::mbstate_t& state) {
  wchar_t sign = 0;
  const std::size_t length = std::mbrtowc(&sign, text.data(), text.size(), &state);
  if (length == 0 || length > text.size()) {
    state = {};
    return {1, 1};
  }
  const int columns = ::wcwidth(sign);
  return {length, columns < 0 ? 1 : static_cast<std::size_t>(columns)};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_plain(text)) return text.size();
  const Utf8 locale;
  std::size_t width = 0;
  std::mbstate_t state{};
  while (!text.empty()) {
    const Sign sign = first_sign(text, state);
    width += sign.columns;
    text.remove_prefix(sign.bytes);
  }
  return width;
}

std::string_view fitting(std::string_view text, std::size_t columns) {
  const Utf8 locale;
  std::size_t end = 0;
  std::mbstate_t state{};
  while (end < text.size()) {
    const Sign sign = first_sign(text.substr(end), state);
    if (sign.columns > columns) break;
    columns -= sign.columns;
    end += sign.bytes;
  }
  return text.substr(0, end);
}

}  // namespace coord::out
