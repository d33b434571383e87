#include "cmd/commands/looking/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/contenders.hpp"
#include "coord/recipe/key_role.hpp"

namespace coord::commands {
namespace {

using Kind = recipe::KeyRole::Kind;

constexpr const char* kExamples =
    "coord describe app/config\n"
    "coord describe backup/3e715f63861b8aee\n"
    "coord describe app/config -w json | jq .lease.ttl";

constexpr std::size_t kShownKeys = 10;  // of a lease, to people

struct Words {
  Kind kind;
  const char* name;  // in json
  const char* text;  // with the name behind it
};

constexpr Words kWords[] = {
    {Kind::session, "session", "the session on lease"},
    {Kind::candidate_holder, "holder", "who stands behind a candidate of election"},
    {Kind::barrier, "barrier", "barrier, closed:"},
    {Kind::double_barrier_waiter, "dbarrier_waiter", "a participant of dbarrier"},
    {Kind::double_barrier_ready, "dbarrier_ready", "the mark that all are there of dbarrier"},
    {Kind::queue_item, "queue_item", "an item of queue"},
    {Kind::queue_claim, "queue_claim", "an item that somebody works on, of queue"},
    {Kind::queue_consumer, "queue_consumer", "a consumer at work of queue"},
    {Kind::queue_producer, "queue_producer", "a producer at work of queue"},
    {Kind::queue_bookkeeping, "queue_bookkeeping", "the bookkeeping of queue"},
    {Kind::service_endpoint, "service_endpoint", "an endpoint of service"},
};

class Description {
 public:
  Description(etcd::Client& client, const etcd::KeyValue& kv, cli::Env& env)
      : client_(&client), kv_(&kv), env_(&env) {}

  Result<out::Record> record() {
    record_.add("key", "Key", out::Readable{kv_->key});
    record_.line(in_quotes(kv_->key));
    COORD_TRY(add_role());
    add_revisions();
    COORD_TRY(add_lease());
    return std::move(record_);
  }

 private:
  Result<> add_role() {
    const recipe::KeyRole role = recipe::key_role(*kv_);
    if (role.kind == Kind::contender) return add_contender(role);
    const auto words = std::ranges::find(kWords, role.kind, &Words::kind);
    if (words == std::ranges::end(kWords)) {
      record_.add("kind", "Kind", out::Text{"plain"});
      return {};
    }
    record_.add("kind", "Kind", out::Text{words->name})
        .add("name", "Name", out::Readable{role.name});
    std::string line = fmt::format("  {} {}", words->text, in_quotes(role.name));
    if (const auto info = recipe::HolderInfo::from_json(kv_->value)) {
      line += " by " + who_is({.kv = *kv_, .info = info});
      add_info(record_, info);
    }
    record_.line(std::move(line));
    return {};
  }

  Result<> add_contender(const recipe::KeyRole& role) {
    COORD_TRY_INTO(const auto all,
                   recipe::contenders_of(*client_, env_->context(), role.name, false));
    const auto self = std::ranges::find(all, kv_->key, [](const auto& one) { return one.kv.key; });
    if (self == all.end()) {  // it has gone meanwhile
      record_.add("kind", "Kind", out::Text{"lock"}).add("name", "Name", out::Readable{role.name});
      return {};
    }
    const std::string kind = kind_of(all);
    const auto before = self - all.begin();
    record_.add("kind", "Kind", out::Text{kind})
        .add("name", "Name", out::Readable{role.name})
        .add("held", "Held", self->holds, out::Zero::keep);
    add_info(record_, self->info);
    const std::string what = fmt::format("{} {}", kind, in_quotes(role.name));
    if (self->holds) {
      record_.line(fmt::format("  {} {}{}, by {}{}", self->proposal ? "leads" : "holds", what,
                               purpose_of(*self), who_is(*self), for_age(*self)));
    } else {
      record_.line(fmt::format("  waits for {}, behind {}, by {}{}", what, before, who_is(*self),
                               for_age(*self)));
    }
    return {};
  }

  void add_revisions() {
    record_.add("create_revision", "CreateRevision", kv_->create_revision)
        .add("mod_revision", "ModRevision", kv_->mod_revision)
        .add("version", "Version", kv_->version)
        .add("size", "Size", std::int64_t{std::ssize(kv_->value)}, out::Zero::keep)
        .add("text", "Text", is_utf8(kv_->value) && !kv_->value.contains('\0'), out::Zero::keep);
    record_.line(fmt::format("  created at revision {}, changed at revision {}, version {}",
                             kv_->create_revision, kv_->mod_revision, kv_->version));
    const bool text = is_utf8(kv_->value) && !kv_->value.contains('\0');
    record_.line(fmt::format("  {} bytes of {}", kv_->value.size(), text ? "text" : "binary data"));
  }

  Result<> add_lease() {
    if (kv_->lease == 0) return {};
    const std::string id = layout::lease_hex(kv_->lease);
    COORD_TRY_INTO(auto lease,
                   etcd::Lease(*client_).time_to_live(env_->context(), kv_->lease, true));
    std::erase(lease.keys, kv_->key);
    out::Record about;
    about.add("id", "Lease", out::Text{id})
        .add("ttl", "TTL", std::int64_t{lease.ttl.count()}, out::Zero::keep)
        .add("granted_ttl", "GrantedTTL", std::int64_t{lease.granted_ttl.count()});
    out::List keys;
    for (const std::string& key : lease.keys)
      keys.emplace_back(out::Fields{{"key", "OtherKey", out::Readable{key}}});
    about.add("other_keys", "", std::move(keys));
    record_.add("lease", "", std::move(about.fields));
    if (lease.ttl.count() < 0) {
      record_.line(fmt::format("  lease {}, which has just ended", id));
      return {};
    }
    record_.line(fmt::format("  lease {}: {} left of {}{}", id, format_duration(lease.ttl),
                             format_duration(lease.granted_ttl), others(lease.keys)));
    return {};
  }

  static std::string others(const std::vector<std::string>& keys) {
    if (keys.empty()) return ", no other key";
    std::string text = fmt::format(", {} other key{}: ", keys.size(), keys.size() == 1 ? "" : "s");
    for (std::size_t i = 0; i < std::min(keys.size(), kShownKeys); ++i)
      text += (i == 0 ? "" : ", ") + in_quotes(keys[i]);
    return keys.size() > kShownKeys ? text + " …" : text;
  }

  etcd::Client* client_;
  const etcd::KeyValue* kv_;
  cli::Env* env_;
  out::Record record_;
};

Result<> describe_key(const std::string& key, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto found, etcd::Kv(*client).range(env.context(), {.key = key}));
  if (found.kvs.empty()) return fail(Code::not_found, "there is no such key");
  COORD_TRY_INTO(const auto record, Description(*client, found.kvs.front(), env).record());
  env.print(record);
  return {};
}

}  // namespace

void define_describe(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DescribeOptions>();
  CLI::App& app = cli::add_command(
      root, {"describe", "Looking",
             "Says what a key is for, its revisions, and the lease that it hangs on.", kExamples});
  cli::operand(app, "KEY", options->key.first, "the key", cli::Shown::plain);
  add_key_options(app, options->key);
  registry.add(app, {.run = [options](cli::Env& env) { return run_describe(*options, env); }});
}

Result<int> run_describe(const DescribeOptions& options, cli::Env& env) {
  COORD_TRY_INTO(auto given, resolve_key(options.key));
  if (given.rest) return fail(Code::usage, fmt::format("one word too many: '{}'", *given.rest));
  const auto done = describe_key(given.key, env);
  if (!done) return std::unexpected(about("describe", in_quotes(given.key), done.error(), "get"));
  return cli::kDone;
}

}  // namespace coord::commands
