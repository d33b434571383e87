// Tenure: what is held, how long it may be relied on, and whether it is lost already: the session's
// deadline, the watch over the held keys and, where others take things under its lease, over those.
//
// For the holder's main thread; the threads that watch are its own.
#pragma once

#include <optional>
#include <string>

#include "cmd/run/acquirer.hpp"
#include "cmd/run/shared_deadline.hpp"
#include "coord/recipe/belongings.hpp"
#include "coord/recipe/deadline.hpp"
#include "coord/recipe/guard.hpp"

namespace coord::run {

class Tenure {
 public:
  // Posts CHANGED when look() may have news, as the session does. The rest must outlive it too.
  Tenure(const Plan& plan, etcd::Client& client, Taken taken, SharedDeadline deadline,
         Notifier& changed);

  // Takes over the newest deadline, for the guardian too. Why it is lost, if it is.
  std::optional<std::string> look();

  const recipe::HoldTimes& times() const { return times_; }  // as of the last look()
  const Taken& taken() const { return taken_; }

 private:
  const Plan* plan_;
  Taken taken_;
  SharedDeadline deadline_;
  recipe::HoldTimes times_{};
  recipe::Guard guard_;
  std::optional<recipe::Belongings> belongings_;
};

}  // namespace coord::run
