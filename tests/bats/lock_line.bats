# The line at a lock: first come, first served; each waiter looks at the one before it and at nobody else. How much they ask of
# etcd is read from its metrics.
# shellcheck disable=SC2016,SC2030,SC2031 # shells that CMD starts expand what is theirs; a test is a subshell

load ../lib/primitive
load ../lib/metrics

setup() {
  name=line-$BATS_TEST_NUMBER
  log=$BATS_TEST_TMPDIR/log
  : >"$log"
}

# --- helpers ---

# line_up N [CMD…]: a holder, pids[0], and N waiters behind it, each started when the key of the one before it stood. Without
# CMD a waiter that gets the lock holds it until TERM.
line_up() {
  local i
  for ((i = 0; i <= $1; i++)); do
    if ((i == 0)); then
      "$COORD" -q lock --ttl 60s "$name" >>"$log.holders" 3>&- &
    else
      "$COORD" -q lock --ttl 60s "$name" "${@:2}" >>"$log.holders" 3>&- &
    fi
    pids+=("$!")
    wait_until 10 has_keys $((i + 1))
  done
  wait_until 10 has_watchers "$(watchers_of "$1")"
}

has_keys() { (($(keys_count "$name/") == $1)); }
keys_in_order() { etcdctl get --prefix --keys-only -w json "$name/" | jq -r '.kvs | sort_by(.create_revision)[].key | @base64d'; }
have_held() { (($(grep -c "^$name/" "$log.holders") == $1)); } # each has said its key
has_lines() { (($(wc -l <"$1") >= $2)); }

requests() { metric grpc_server_started_total "grpc_method=\"$1\""; }
has_watchers() { (($(watchers) == $1)); }
watchers_of() { echo $((2 * $1 + 1)); } # a waiter: its own key and the one before it; the holder: its own
events_sent() { metric etcd_debugging_mvcc_events_total; }
at_least() { (($("${@:2}") >= $1)); } # at_least NUMBER COMMAND...

# Waiters look again every ten seconds: what N of them may ask in a span of MILLISECONDS, twice over for good measure.
backstop() { echo $((1 + 2 * $1 * $2 / 10000)); }

assert_at_most() { # assert_at_most LIMIT NUMBER WHAT
  echo "# $3: $2, at most $1" >&3
  (($2 <= $1)) || fail "$3: $2, more than $1"
}

append_key=(-- sh -c 'echo "$COORD_LOCK_KEY" >>"$0"')

# --- order ---

@test "fifty waiters are served in the order of their create revisions" {
  line_up 50 "${append_key[@]}" "$log"
  local pid order
  order=$(keys_in_order | tail -n +2)
  kill -TERM "${pids[0]}"
  wait_until 60 has_lines "$log" 50
  assert_equal "$(<"$log")" "$order"
  for pid in "${pids[@]:1}"; do wait "$pid"; done
  has_keys 0
}

@test "a waiter killed in the middle is left out, and the order of the others stays" {
  line_up 9 "${append_key[@]}" "$log"
  local order
  order=$(keys_in_order | sed '1d;6d')
  kill -KILL "${pids[5]}"
  wait_until 10 has_keys 9
  kill -TERM "${pids[0]}"
  wait_until 20 has_lines "$log" 8
  assert_equal "$(<"$log")" "$order"
}

@test "a waiter that leaves the line while the holder stays lets nobody in" {
  line_up 3 "${append_key[@]}" "$log"
  kill -TERM "${pids[1]}"
  wait_until 10 has_keys 3
  wait_until 10 has_watchers "$(watchers_of 2)" # the next one has looked, and waits for the holder now
  run ! has_lines "$log" 1
}

@test "each revision that proves ownership is greater than the one before it" {
  line_up 9 -- sh -c 'echo "$COORD_LOCK_REV" >>"$0"' "$log"
  kill -TERM "${pids[0]}"
  wait_until 20 has_lines "$log" 9
  sort -n -u -c "$log"
}

# --- what it asks of etcd ---

@test "each waiter has two watches, and none of the prefix: a stranger's key there comes and goes, and nobody is told" {
  line_up 10
  local before watcher
  has_watchers 21
  etcdctl watch --prefix "$name/" >"$log.watch" 3>&- & # the proof that a watch of the prefix would be told
  watcher=$!
  pids+=("$watcher")
  wait_until 10 has_watchers $(($(watchers_of 10) + 1))
  before=$(events_sent)
  etcdctl put "$name/stranger" ''
  etcdctl del "$name/stranger"
  wait_until 10 grep -q DELETE "$log.watch"
  assert_equal $(($(events_sent) - before)) 2
}

@test "a waiter killed in the middle of fifty: only its successor moves up" {
  line_up 50
  local begin before events spent
  begin=$(milliseconds)
  before=$(requests Txn)
  events=$(events_sent)
  kill -KILL "${pids[25]}"
  wait_until 10 has_watchers "$(watchers_of 49)"
  # The successor asks who is before it now, and again three times within 40 ms.
  wait_until 10 at_least $((before + 4)) requests Txn
  spent=$(($(requests Txn) - before))
  assert_at_most $((6 + $(backstop 50 $(($(milliseconds) - begin))))) "$spent" "transactions"
  assert_at_most 2 $(($(events_sent) - events)) "events" # to its successor, and to itself if it still listens
}

@test "a hand-over at the head of fifty wakes one: few requests, however long the line" {
  line_up 50
  local i begin before events
  begin=$(milliseconds)
  before=$(requests Txn)
  events=$(events_sent)
  for ((i = 0; i < 10; i++)); do
    kill -TERM "${pids[i]}"
    wait_until 10 has_keys $((50 - i))
    wait_until 10 have_held $((i + 2))
  done
  assert_at_most $((10 * 2 + $(backstop 50 $(($(milliseconds) - begin))))) $(($(requests Txn) - before)) "transactions"
  assert_at_most 20 $(($(events_sent) - events)) "events"
}

@test "fifty quiet waiters at rest ask etcd next to nothing" {
  line_up 50
  local begin before
  begin=$(milliseconds)
  before=$(($(requests Txn) + $(requests Range)))
  wait_until 10 past "$(in_seconds 4)"
  assert_at_most "$(backstop 50 $(($(milliseconds) - begin)))" $(($(requests Txn) + $(requests Range) - before)) "requests"
}
