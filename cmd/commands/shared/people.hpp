// Holders and waiters in words, for messages and for `who`.
#pragma once

#include <optional>
#include <string>

#include "cmd/out/value.hpp"
#include "coord/recipe/contenders.hpp"

namespace coord::commands {

// "root@db1 pid 4711 (pg_dump)", or what is known of a Go program: its lease.
std::string who_is(const recipe::HolderInfo& info);
std::string who_is(const recipe::Contender& contender);

// ", "NOTE"", or "".
std::string note_of(const recipe::Contender& contender);

// What is known of who stands behind a key, as fields: host, user, pid …; none of a Go program.
void add_info(out::Record& record, const std::optional<recipe::HolderInfo>& info);

// How long ago it joined the line, by its own clock and ours; nothing when it did not say.
std::optional<Duration> age_of(const recipe::HolderInfo& info);
std::optional<Duration> age_of(const recipe::Contender& contender);

// " for 3m12s", or "".
std::string for_age(const recipe::HolderInfo& info);
std::string for_age(const recipe::Contender& contender);

// What the line before the first of them is for: "lock" (and what else looks like one), "election",
// "rwlock" or "semaphore".
std::string kind_of(const std::vector<recipe::Contender>& line);

// " for reading" or " for writing" of a rwlock's contender, else "".
std::string purpose_of(const recipe::Contender& contender);

// " and 2 others", or "" for none.
std::string and_others(std::ptrdiff_t count);

}  // namespace coord::commands
