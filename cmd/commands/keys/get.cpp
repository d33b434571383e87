#include "cmd/commands/keys/get.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/commands/keys/key_tree.hpp"
#include "cmd/commands/keys/range_query.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord get foo\n"
    "coord get /app/ --prefix --keys-only\n"
    "coord get /app/ --prefix --limit 10 -w json\n"
    "coord get config --must-exist --print-value-only > config.ini";

void add_selection(CLI::App& app, GetOptions& options) {
  add_range_options(app, options.keys);
  add_key_options(app, options.keys);
  cli::number(app, "--limit", options.limit, "at most so many keys");
  cli::number(app, "--rev", options.revision, "as the store was at this revision");
  cli::text(app, "--order", options.order, "ORDER", "ASCEND or DESCEND");
  cli::text(app, "--sort-by", options.sort_by, "TARGET", "KEY, CREATE, MODIFY, VALUE or VERSION");
  cli::text(app, "--consistency", options.consistency, "l|s",
            "l: what the cluster agrees on; s: what one member has");
  cli::number(app, "--min-mod-rev", options.min_mod_revision,
              "not those changed before this revision");
  cli::number(app, "--max-mod-rev", options.max_mod_revision,
              "not those changed after this revision");
  cli::number(app, "--min-create-rev", options.min_create_revision,
              "not those created before this revision");
  cli::number(app, "--max-create-rev", options.max_create_revision,
              "not those created after this revision");
}

out::Record key_record(etcd::KeyValue kv, const GetOptions& options) {
  out::Record record;
  if (!options.print_value_only) record.bytes(kv.key);
  record.bytes(kv.value);
  record.fields = key_value_fields(std::move(kv));
  return record;
}

// Prints replies of one range as they come.
class Listing {
 public:
  Listing(const GetOptions& options, cli::Env& env) : options_(&options), env_(&env) {}

  void add(etcd::RangeReply reply) {
    out::Printer& printer = env_->printer();
    if (!begun_) {
      begun_ = true;
      printer.begin();
      printer.field(header_field(reply.header));
      printer.begin_list("kvs");
      printer.message([&] { return etcd::wire(etcd::RangeReply{.header = reply.header}); });
    }
    last_.count = reply.count;
    last_.more = reply.more;
    for (etcd::KeyValue& kv : reply.kvs) {
      // A message is told in pieces: else the page would be in memory once more.
      printer.message([&] { return etcd::wire(etcd::RangeReply{.kvs = {kv}}); });
      if (options_->tree) {
        for (std::string& line : tree_.lines(kv, !options_->keys_only)) printer.line({line});
      } else {
        printer.item(key_record(std::move(kv), *options_));
      }
    }
  }

  void finish() {
    out::Printer& printer = env_->printer();
    printer.message([&] { return etcd::wire(last_); });
    printer.end_list();
    printer.field({"more", "More", last_.more});
    printer.field({"count", "Count", last_.count});
    if (options_->count_only) printer.line({std::to_string(last_.count)});
    printer.end();
  }

 private:
  const GetOptions* options_;
  cli::Env* env_;
  bool begun_ = false;
  KeyTree tree_;
  etcd::RangeReply last_;
};

Result<> check_tree(const GetOptions& options, out::Format format) {
  if (format != out::Format::simple) return fail(Code::usage, "--tree goes with -w simple only");
  if (options.count_only || options.print_value_only)
    return fail(Code::usage, "--tree excludes --count-only and --print-value-only");
  const bool by_key = options.sort_by.empty() && options.order.empty();
  return by_key ? Result<>{}
                : fail(Code::usage, "--tree is in key order: no --sort-by, no --order");
}

Result<> check(const GetOptions& options, out::Format format) {
  if (options.keys_only && options.count_only)
    return fail(Code::usage, "--keys-only and --count-only exclude each other");
  if (options.tree) return check_tree(options, format);
  if (!options.print_value_only) return {};
  if (options.keys_only)
    return fail(Code::usage, "--print-value-only and --keys-only exclude each other");
  if (format == out::Format::simple) return {};
  return fail(Code::usage, "--print-value-only goes with -w simple only");
}

// Nothing there, and there should be?
Result<> check_exists(const GetOptions& options, const etcd::RangeReply& reply) {
  const bool none = options.count_only ? reply.count == 0 : reply.kvs.empty();
  if (!none || !options.must_exist) return {};
  return fail(Code::not_found, "no such key");
}

Result<> list(const GetOptions& options, const etcd::RangeRequest& request, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Listing listing(options, env);
  if (can_page(request)) {
    etcd::RangePages pages(*client, request);
    for (bool first = true;; first = false) {
      COORD_TRY_INTO(auto page, pages.next(env.context()));
      if (!page) break;
      if (first) COORD_TRY(check_exists(options, *page));
      listing.add(*std::move(page));
      COORD_TRY(env.out().status());
    }
  } else {
    COORD_TRY_INTO(auto reply, etcd::Kv(*client).range(env.context(), request));
    COORD_TRY(check_exists(options, reply));
    listing.add(std::move(reply));
  }
  listing.finish();
  return {};
}

}  // namespace

CLI::App& add_get(CLI::App& root, GetOptions& options) {
  CLI::App& app =
      cli::add_command(root, {"get", "Keys", "Prints keys and their values.", kExamples});
  add_range_operands(app, options.keys, "the first key that is not in it");
  add_selection(app, options);
  cli::flag(app, "--keys-only", options.keys_only, "leave the values out");
  cli::flag(app, "--count-only", options.count_only, "only say how many keys there are");
  cli::flag(app, "--print-value-only", options.print_value_only, "leave the keys out (simple)");
  cli::flag(app, "--tree", options.tree, "draw a tree, a level for each '/' (simple)");
  cli::flag(app, "--must-exist", options.must_exist, "exit with 1 when there is none");
  return app;
}

void define_get(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<GetOptions>();
  CLI::App& app = add_get(root, *options);
  registry.add(app, {.run = [options](cli::Env& env) { return run_get(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<int> run_get(const GetOptions& options, cli::Env& env) {
  COORD_TRY(check(options, env.globals().format));
  COORD_TRY_INTO(const auto request, range_query(options));
  const auto listed = list(options, request, env);
  const std::string object = describe(options.keys, {request.key, request.range_end});
  if (!listed) return std::unexpected(about("get", object, listed.error()));
  return 0;
}

}  // namespace coord::commands
