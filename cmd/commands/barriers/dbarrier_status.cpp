#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/barriers/barrier.hpp"
#include "cmd/commands/barriers/dbarrier.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/double_barrier.hpp"

namespace coord::commands {
namespace {

using recipe::Contender;
using recipe::DoubleBarrierState;

out::Fields fields_of(const Contender& one, bool inside) {
  out::Record record;
  add_info(record, one.info);
  record.add("inside", "Inside", inside, out::Zero::keep)
      .add("lease", "Lease", out::Text{layout::lease_hex(one.kv.lease)})
      .add("key", "Key", out::Readable{one.kv.key})
      .add("revision", "Revision", one.kv.create_revision);
  return record.fields;
}

std::string line_of(const Contender& one) {
  return fmt::format("  {}{}{}, key {}, revision {}", who_is(one), for_age(one), note_of(one),
                     printable(one.kv.key), one.kv.create_revision);
}

// What the participants were told; nothing when all of them are Go programs.
std::optional<std::int64_t> count_in(const DoubleBarrierState& state) {
  for (const etcd::KeyValue& waiter : state.waiters) {
    if (const auto count = recipe::count_of(waiter)) return count;
  }
  return std::nullopt;
}

std::string summary(const DoubleBarrierState& state, const std::string& what,
                    std::optional<std::int64_t> count) {
  if (state.waiters.empty()) return what + ": nobody is here";
  const auto of = count ? fmt::format(" of {}", *count) : "";
  const std::size_t here = state.waiters.size();
  const std::size_t inside = state.inside();
  const char* are = here == 1 ? "is" : "are";
  if (inside == 0) return fmt::format("{}: {}{} {} here, not ready", what, here, of, are);
  return fmt::format("{}: ready since revision {}, {}{} {} in", what, state.ready, inside, of,
                     inside == 1 ? "is" : "are");
}

}  // namespace

Result<int> run_dbarrier_status(const DbarrierStatusOptions& options, cli::Env& env) {
  const std::string& name = options.name;
  COORD_TRY(check_barrier_name("dbarrier", name));
  const std::string what = "dbarrier " + in_quotes(name);
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto state = DoubleBarrierState::look(*client, env.context(), name);
  if (!state) return std::unexpected(in_context(what, state.error()));
  const bool ready = state->inside() > 0;
  out::Record record;
  record.add("name", "Name", out::Readable{name});
  auto count = count_in(*state);
  if (!count && !options.count.empty()) {
    COORD_TRY_INTO(count, count_from(options.count));
  }
  if (count) record.add("count", "Count", *count);
  record.add("here", "Here", static_cast<std::int64_t>(state->waiters.size()), out::Zero::keep)
      .add("ready", "Ready", ready, out::Zero::keep);
  if (ready) record.add("revision", "Revision", state->ready);
  record.line(summary(*state, what, count));
  out::List members;
  for (const etcd::KeyValue& waiter : state->waiters) {
    const Contender one{waiter, name, recipe::HolderInfo::from_json(waiter.value), {}};
    members.emplace_back(fields_of(one, state->is_in(waiter)));
    record.line(line_of(one));
  }
  record.add("members", "", std::move(members), out::Zero::keep);
  env.print(record);
  return state->waiters.empty() ? cli::kNo : cli::kDone;
}

}  // namespace coord::commands
