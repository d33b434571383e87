// Any text is a transaction, or refused as bad data; a quoted string that was written is read
// again.
#include "cmd/commands/keys/txn_text.hpp"
#include "cmd/commands/keys/txn_words.hpp"
#include "coord/base/bytes.hpp"
#include "fuzz.hpp"

using namespace coord;
using commands::TxnText;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  const std::string quoted = go_quote(rest);
  const auto words = commands::split_words(quoted);
  must(words && *words == std::vector{std::string(rest)});
  TxnText text;
  while (!rest.empty() && text.block() != TxnText::Block::done) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto added = text.add(rest.substr(0, end));
    must(added || added.error().code == Code::bad_data);
    if (!added) return 0;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const bool done = text.block() == TxnText::Block::done;
  must(std::move(text).finish().has_value() == done);
  return 0;
}
