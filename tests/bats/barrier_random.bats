# `coord barrier` in a crowd: holders that are killed at random, a stranger's keys in between, and waiters. Nobody may come and pass
# while it is closed all the time, and none is forgotten. SEED=N throws the same dice again.
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; crowd.bash sets SEED

load ../lib/primitive
load ../lib/crowd

# One at a time holds, with a session: it opens when its CMD ends, or with the lease when both processes are killed.
crowd_holder() { # crowd_holder DICE
  exec "$COORD" -q barrier hold --timeout 60s --ttl 2s gate -- sh -c 'echo h >>entered; exec sleep "0.0$1"' - "$(($1 % 10))"
}
# Notes the revisions at which it came and passed: one line, written at once.
crowd_waiter() { # crowd_waiter DICE
  (($1 % 4)) || etcdctl put "other/$1" '' >/dev/null
  came=$(revision)
  exec bash -c 'passed=$("$1" -q barrier wait gate -w json) || exit; echo "$2 $(jq .revision <<<"$passed")" >>passed
    echo w >>entered' - "$COORD" "$came"
}

# Lines "REVISION PUT|DELETE" of the gate's whole history, from the watch that began before it.
history_of_gate() { jq -r '.Events[]? | "\(.kv.mod_revision) \(if .type == 1 then "DELETE" else "PUT" end)"' history.out; }

# Between a PUT and the DELETE behind it the gate is closed; at the revision of the DELETE it is open.
passed_while_open() {
  awk 'FILENAME == "history" { if ($2 == "PUT" && !closed) closed = $1
                               if ($2 == "DELETE") { from[++n] = closed; to[n] = $1; closed = 0 }
                               next }
    { for (i = 1; i <= n; i++) {
        if (from[i] <= $1 && $2 < to[i]) { print "came at " $1 ", passed at " $2 ", closed from " from[i] " to " to[i]; bad = 1 } } }
    END { print "# closed " n " times, passed " FNR " times"; exit bad || n < 5 }' history passed
}

is_told_of_the_end() { history_of_gate | grep -q "^$1 "; }

@test "twelve who hold and wait at random, some of whom are killed: nobody passes while it is closed, and all pass in the end" {
  start history etcdctl watch gate -w json
  crowd 8 crowd_holder{,,,} crowd_waiter{,,,,,,,}
  wait_until 20 all_leases_are_gone
  run -1 "$COORD" barrier status gate
  "$COORD" barrier hold gate
  end=$(etcdctl del gate -w json | jq .header.revision)
  wait_until 20 is_told_of_the_end "$end"
  history_of_gate >history
  passed_while_open >&3
  (($(wc -l <passed) >= 20))
}
all_leases_are_gone() { (($(leases_count) == 0)); }
