#include "cmd/commands/locks/rwlock.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/contender_claim.hpp"
#include "cmd/commands/shared/names.hpp"
#include "cmd/run/hold.hpp"

namespace coord::commands {
namespace {

using recipe::Access;

constexpr const char* kReadExamples =
    "coord rwlock read catalog -- ./report.sh\n"
    "coord rwlock read --timeout 1m catalog -- rsync -a catalog/ /backup/";
constexpr const char* kWriteExamples =
    "coord rwlock write catalog -- ./rebuild.sh\n"
    "coord rwlock write --nonblock catalog -- ./rebuild.sh\n"
    "coord rwlock write catalog";

class RwLockClaim final : public ContenderClaim {
 public:
  RwLockClaim(const RwLockOptions& options, bool wait, recipe::HolderInfo info,
              std::string key_prefix)
      : ContenderClaim("rwlock", {options.name}, wait, std::move(key_prefix)),
        access_(options.access),
        info_(std::move(info)) {}

 private:
  Result<recipe::Held> take(const Context& ctx, etcd::Client& client, const etcd::Session& session,
                            const std::string& name, bool wait) override {
    recipe::RwLock lock(client, session, name, access_, info_);
    return wait ? lock.acquire(ctx) : lock.try_acquire(ctx);
  }

  bool counts(const recipe::Contender& other) const override {
    return access_ == Access::write || other.access != Access::read;
  }

  Access access_;
  recipe::HolderInfo info_;
};

void define_one(CLI::App& rwlock, cli::Registry& registry, Access access,
                const cli::CommandText& text) {
  const auto options = std::make_shared<RwLockOptions>();
  options->access = access;
  CLI::App& app = cli::add_command(rwlock, text);
  add_hold_options(app, options->hold);
  add_notify_option(app, options->hold.notify);
  cli::operand(app, "LOCK", options->name, "name of the lock");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_rwlock(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

}  // namespace

void define_rwlock(CLI::App& root, cli::Registry& registry) {
  CLI::App& rwlock = cli::add_command(
      root, {"rwlock", "Locks",
             "Runs a command while holding a lock that readers share and writers have alone.",
             "coord rwlock read catalog -- ./report.sh\n"
             "coord rwlock write catalog -- ./rebuild.sh"});
  define_one(rwlock, registry, Access::read,
             {"read", "Commands", "Runs a command while nobody writes.", kReadExamples});
  define_one(
      rwlock, registry, Access::write,
      {"write", "Commands", "Runs a command while nobody else reads or writes.", kWriteExamples});
}

Result<int> run_rwlock(const RwLockOptions& options, cli::Env& env) {
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  COORD_TRY(check_name("a lock", options.name));
  const bool wait = plan.waits();
  plan.claim = std::make_unique<RwLockClaim>(options, wait, describe_us(options.hold, env),
                                             env.globals().connection.name_space);
  return run::hold(std::move(plan), env);
}

}  // namespace coord::commands
