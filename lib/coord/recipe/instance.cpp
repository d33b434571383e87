#include "coord/recipe/instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "coord/base/bytes.hpp"

namespace coord::recipe {
namespace {

using Json = nlohmann::ordered_json;
using layout::ServiceKind;

constexpr int kMostPort = 65535;

// Go's encoding/json also escapes what HTML and JavaScript would stumble over.
std::string as_go_writes(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (const auto& [from, to] : {std::pair{"<", "\\u003c"},
                                 {">", "\\u003e"},
                                 {"&", "\\u0026"},
                                 {"\u2028", "\\u2028"},
                                 {"\u2029", "\\u2029"}}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += 6)
      text.replace(at, std::string_view(from).size(), to);
  }
  return text;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>()
                          : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::map<std::string, std::string> metadata_of(const Json& json) {
  std::map<std::string, std::string> metadata;
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) metadata[name] = text_of(value);
  } else if (!json.is_null()) {
    metadata["metadata"] = text_of(json);
  }
  return metadata;
}

// Go finds a field whatever the case of its name.
const Json* field(const Json& json, std::string_view name) {
  const auto is_it = [&](const std::string& key) {
    return std::ranges::equal(
        key, name, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  };
  for (const auto& [key, value] : json.items()) {
    if (is_it(key)) return &value;
  }
  return nullptr;
}

std::optional<Instance> from_endpoint(const Json& json) {
  const Json* const address = field(json, "addr");
  const Json* const metadata = field(json, "metadata");
  if (address == nullptr || !address->is_string() || address->get<std::string>().empty())
    return std::nullopt;
  return Instance{.address = address->get<std::string>(),
                  .metadata = metadata == nullptr ? std::map<std::string, std::string>{}
                                                  : metadata_of(*metadata)};
}

std::optional<Instance> from_register(const Service& service, const Json& json) {
  const Json* const name = field(json, "name");
  const Json* const host = field(json, "host");
  const Json* const port = field(json, "port");
  const Json* const metadata = field(json, "metadata");
  if (name == nullptr || text_of(*name) != service.name) return std::nullopt;
  if (host == nullptr || !host->is_string() || port == nullptr) return std::nullopt;
  const std::string text = host->get<std::string>();
  const bool brackets = text.contains(':') && !text.starts_with('[');
  std::string address = fmt::format("{}:{}", brackets ? '[' + text + ']' : text, text_of(*port));
  if (!split_address(address)) return std::nullopt;
  return Instance{.address = std::move(address),
                  .metadata = metadata == nullptr ? std::map<std::string, std::string>{}
                                                  : metadata_of(*metadata)};
}

std::optional<Instance> parse(const Service& service, const etcd::KeyValue& kv) {
  if (service.layout.kind == ServiceKind::plain) {
    if (!layout::plain_address(service.layout, service.name, kv.key) || kv.value.empty())
      return std::nullopt;
    return Instance{.address = kv.value, .metadata = {}};
  }
  const Json json = Json::parse(kv.value, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return service.layout.kind == ServiceKind::json ? from_register(service, json)
                                                  : from_endpoint(json);
}

bool is_clean(const std::string& address) {
  return !address.empty() && is_utf8(address) && std::ranges::none_of(address, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
  });
}

}  // namespace

std::optional<HostPort> split_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  HostPort parts{.host = address.substr(0, colon)};
  const char* const end = address.data() + address.size();
  const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, parts.port);
  if (error != std::errc{} || rest != end || parts.port < 0 || parts.port > kMostPort)
    return std::nullopt;
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  else if (parts.host.contains(':') || parts.host.contains('['))
    return std::nullopt;
  return parts;
}

Result<std::string> to_value(const Service& service, const Instance& instance) {
  if (!is_clean(instance.address))
    return fail(Code::usage, "the address " + in_quotes(instance.address) + " cannot be used",
                "give HOST:PORT");
  if (service.layout.kind == ServiceKind::plain) {
    if (instance.metadata.empty()) return instance.address;
    return fail(Code::usage, "the layout 'plain' has no metadata", "use --layout endpoints");
  }
  const Json metadata(instance.metadata);
  if (service.layout.kind == ServiceKind::endpoints) {
    return as_go_writes({{"Op", 0},
                         {"Addr", instance.address},
                         {"Metadata", instance.metadata.empty() ? Json() : metadata}});
  }
  const auto parts = split_address(instance.address);
  if (!parts)
    return fail(Code::usage, in_quotes(instance.address) + " is not HOST:PORT",
                "the layout 'json' needs both");
  Json json{{"name", service.name}, {"host", parts->host}, {"port", parts->port}};
  if (!instance.metadata.empty()) json["metadata"] = metadata;
  return as_go_writes(json);
}

std::optional<Instance> instance_of(const Service& service, const etcd::KeyValue& kv) {
  auto instance = parse(service, kv);
  if (!instance || !is_clean(instance->address)) return std::nullopt;
  instance->key = kv.key;
  instance->lease = kv.lease;
  instance->create_revision = kv.create_revision;
  instance->mod_revision = kv.mod_revision;
  return instance;
}

}  // namespace coord::recipe
