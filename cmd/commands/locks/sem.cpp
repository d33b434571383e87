#include "cmd/commands/locks/sem.hpp"

#include <fmt/format.h>

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/contender_claim.hpp"
#include "cmd/commands/shared/names.hpp"
#include "cmd/run/hold.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/semaphore.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord sem -j 4 fetch -- wget -i list.txt\n"
    "coord sem -j 8 --weight 2 build -- make -j2\n"
    "coord sem -j 4 --timeout 10m fetch -- ./mirror.sh";

class SemClaim final : public ContenderClaim {
 public:
  SemClaim(const std::string& name, recipe::Share share, bool wait, recipe::HolderInfo info,
           std::string key_prefix)
      : ContenderClaim("semaphore", {name}, wait, std::move(key_prefix)),
        share_(share),
        info_(std::move(info)) {}

 private:
  Result<recipe::Held> take(const Context& ctx, etcd::Client& client, const etcd::Session& session,
                            const std::string& name, bool wait) override {
    recipe::Semaphore semaphore(client, session, name, share_, info_);
    auto held = wait ? semaphore.acquire(ctx) : semaphore.try_acquire(ctx);
    if (!held && held.error().code == Code::bad_data) {
      held.error().hint =
          "all who share it must give the same --slots (a lock has one); see 'coord who'";
    }
    return held;
  }

  recipe::Share share_;
  recipe::HolderInfo info_;
};

Result<recipe::Share> share_of(const SemOptions& options) {
  if (!options.slots)
    return fail(Code::usage, "-j N is missing: how many may hold it at once",
                "for example: coord sem -j 4 LOCK -- CMD");
  if (*options.slots < 1 || *options.slots > recipe::kMostSlots) {
    return fail(Code::usage, fmt::format("--slots {} is not a number from 1 to {}", *options.slots,
                                         recipe::kMostSlots));
  }
  if (options.weight < 1 || options.weight > *options.slots) {
    return fail(Code::usage, fmt::format("--weight {} is not a number from 1 to --slots, {}",
                                         options.weight, *options.slots));
  }
  return recipe::Share{*options.slots, options.weight};
}

}  // namespace

void define_sem(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<SemOptions>();
  CLI::App& app =
      cli::add_command(root, {"sem", "Locks", "Runs a command on one of N slots.", kExamples});
  cli::number(app, "-j,--slots", options->slots,
              "how many slots there are; all who share it must say the same");
  cli::number(app, "--weight", options->weight, "how many of them CMD takes (1)");
  add_hold_options(app, options->hold);
  add_notify_option(app, options->hold.notify);
  cli::operand(app, "LOCK", options->name, "name of the semaphore");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_sem(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_sem(const SemOptions& options, cli::Env& env) {
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  COORD_TRY_INTO(const recipe::Share share, share_of(options));
  COORD_TRY(check_name("a semaphore", options.name));
  const bool wait = plan.waits();
  plan.claim = std::make_unique<SemClaim>(options.name, share, wait, describe_us(options.hold, env),
                                          env.globals().connection.name_space);
  return run::hold(std::move(plan), env);
}

}  // namespace coord::commands
