#include "cmd/out/width.hpp"

#include <clocale>
#include <cwchar>

namespace coord::out {
namespace {

// The C library's own, whatever the user's locale is; only for the calling thread.
class Utf8 {
 public:
  Utf8() : own_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(own_)) {}
  ~Utf8() {
    uselocale(before_);
    if (own_ != nullptr) freelocale(own_);
  }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

 private:
  locale_t own_;
  locale_t before_;
};

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
