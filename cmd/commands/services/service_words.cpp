#include "cmd/commands/services/service_words.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/shared/names.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {

void add_service_options(CLI::App& app, ServiceWords& words) {
  cli::text(app, "--layout", words.layout, "LAYOUT",
            "endpoints (Go's naming/endpoints), plain or json");
  cli::text(app, "--prefix", words.prefix, "PREFIX",
            "of the layout plain: keys are /PREFIX/SERVICE/ADDR (services)");
}

Result<recipe::Service> service_of(const ServiceWords& words) {
  recipe::Service service{.name = words.name, .layout = {}};
  COORD_TRY(check_name("a service", words.name));
  if (words.name.ends_with('/'))
    return fail(Code::usage, "a service's name does not end with '/': " + in_quotes(words.name));
  if (words.layout == "plain") {
    service.layout.kind = layout::ServiceKind::plain;
  } else if (words.layout == "json") {
    service.layout.kind = layout::ServiceKind::json;
  } else if (words.layout != "endpoints") {
    return cli::none_of("--layout", words.layout, {"endpoints", "plain", "json"});
  }
  if (words.prefix.empty()) return service;
  if (service.layout.kind != layout::ServiceKind::plain)
    return fail(Code::usage, "--prefix is for --layout plain");
  if (words.prefix.starts_with('/') || words.prefix.ends_with('/'))
    return fail(Code::usage, "--prefix stands without slashes around it");
  service.layout.prefix = words.prefix;
  return service;
}

}  // namespace coord::commands
