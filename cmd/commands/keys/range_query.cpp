#include "cmd/commands/keys/range_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/cli/suggest.hpp"

namespace coord::commands {
namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

Result<etcd::SortOrder> parse_order(const std::string& text) {
  const std::string name = upper(text);
  if (name.empty()) return etcd::SortOrder::none;
  if (name == "ASCEND") return etcd::SortOrder::ascend;
  if (name == "DESCEND") return etcd::SortOrder::descend;
  return cli::none_of("--order", text, {"ASCEND", "DESCEND"});
}

Result<etcd::SortTarget> parse_target(const std::string& text) {
  using Target = etcd::SortTarget;
  constexpr std::array<std::pair<std::string_view, Target>, 6> kTargets{
      {{"", Target::key},
       {"KEY", Target::key},
       {"CREATE", Target::create},
       {"MODIFY", Target::mod},
       {"VALUE", Target::value},
       {"VERSION", Target::version}}};
  const std::string name = upper(text);
  for (const auto& [known, target] : kTargets) {
    if (known == name) return target;
  }
  return cli::none_of("--sort-by", text, {"KEY", "CREATE", "MODIFY", "VALUE", "VERSION"});
}

Result<bool> parse_serializable(const std::string& text) {
  if (text == "s") return true;
  if (text == "l") return false;
  return cli::none_of("--consistency", text, {"l", "s"});
}

Result<> check_span(const char* what, std::int64_t least, std::int64_t most) {
  if (most == 0 || least <= most) return {};
  return fail(Code::usage,
              fmt::format("--min-{0}-rev {1} is more than --max-{0}-rev {2}", what, least, most));
}

}  // namespace

Result<etcd::RangeRequest> range_query(const GetOptions& options) {
  etcd::RangeRequest request;
  COORD_TRY_INTO(auto range, resolve_range(options.keys));
  request.key = std::move(range.key);
  request.range_end = std::move(range.range_end);
  COORD_TRY_INTO(request.order, parse_order(options.order));
  COORD_TRY_INTO(request.target, parse_target(options.sort_by));
  COORD_TRY_INTO(request.serializable, parse_serializable(options.consistency));
  COORD_TRY(check_span("mod", options.min_mod_revision, options.max_mod_revision));
  COORD_TRY(check_span("create", options.min_create_revision, options.max_create_revision));
  if (!options.sort_by.empty() && request.order == etcd::SortOrder::none)
    request.order = etcd::SortOrder::ascend;
  request.limit = std::max<std::int64_t>(options.limit, 0);
  request.revision = std::max<std::int64_t>(options.revision, 0);
  request.keys_only = options.keys_only;
  request.count_only = options.count_only;
  request.min_mod_revision = options.min_mod_revision;
  request.max_mod_revision = options.max_mod_revision;
  request.min_create_revision = options.min_create_revision;
  request.max_create_revision = options.max_create_revision;
  return request;
}

bool can_page(const etcd::RangeRequest& request) {
  const bool key_order =
      request.order == etcd::SortOrder::none ||
      (request.order == etcd::SortOrder::ascend && request.target == etcd::SortTarget::key);
  const bool filtered = request.min_mod_revision != 0 || request.max_mod_revision != 0 ||
                        request.min_create_revision != 0 || request.max_create_revision != 0;
  return !request.range_end.empty() && !request.count_only && key_order && !filtered;
}

}  // namespace coord::commands
