#include "cmd/commands/keys/txn_text.hpp"

#include <fmt/format.h>

#include "cmd/commands/keys/txn_compare.hpp"
#include "cmd/commands/keys/txn_request.hpp"
#include "cmd/commands/keys/txn_words.hpp"

namespace coord::commands {
namespace {

const char* name_of(TxnText::Block block) {
  switch (block) {
    case TxnText::Block::compares:
      return "the comparisons";
    case TxnText::Block::success:
      return "the requests for success";
    default:
      return "the requests for failure";
  }
}

TxnText::Block next(TxnText::Block block) {
  return block == TxnText::Block::compares  ? TxnText::Block::success
         : block == TxnText::Block::success ? TxnText::Block::failure
                                            : TxnText::Block::done;
}

}  // namespace

Result<> TxnText::add(std::string_view line) {
  if (block_ == Block::done) return {};
  ++lines_;
  line = trimmed(line);
  if (line.empty()) {
    block_ = next(block_);
    return {};
  }
  auto parsed = parse(line);
  if (!parsed)
    return std::unexpected(in_context(fmt::format("line {}", lines_), std::move(parsed).error()));
  return {};
}

Result<> TxnText::parse(std::string_view line) {
  if (block_ == Block::compares) {
    COORD_TRY_INTO(txn_.compares.emplace_back(), parse_compare(line));
    return {};
  }
  auto& requests = block_ == Block::success ? txn_.success : txn_.failure;
  COORD_TRY_INTO(requests.emplace_back(), parse_request(line));
  return {};
}

Result<etcd::Txn> TxnText::finish() && {
  if (block_ == Block::done) return std::move(txn_);
  return fail(Code::bad_data,
              fmt::format("line {}: the text ends within {}", lines_ + 1, name_of(block_)),
              "each of the three blocks ends with an empty line, an empty block too");
}

}  // namespace coord::commands
