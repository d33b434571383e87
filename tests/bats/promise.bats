# The promise: while `coord lock NAME -- CMD` runs CMD, nobody else holds NAME; when that can no longer be known, CMD and all
# that it started are gone first. Each test has two coords write to one log: nothing of the first may stand behind the second.

load ../lib/primitive

setup() {
  log=$BATS_TEST_TMPDIR/log
  : >"$log"
  name=promise-$BATS_TEST_NUMBER
}

teardown() {
  etcd_thaw
  # One of the two at a time: the other one clears up.
  for pid in "${first-}" "${holder-}" "${second-}"; do
    [[ -z $pid ]] || { kill -s CONT "$pid" 2>/dev/null; end_process "$pid"; } || true
  done
}

# --- helpers ---

# first_holds [OPTION...]: a coord that holds the lock while a tree of processes beats; sets first and holder, its two pids.
first_holds() {
  "$COORD" lock "$name" --wait-tree "$@" -- "$BATS_TEST_DIRNAME/../lib/beating_tree.bash" "$log" ${deaf:+deaf} \
    3>&- 2>"$BATS_TEST_TMPDIR/first.err" &
  first=$!
  wait_until 10 all_beat
  holder=$(pgrep -P "$first")
}

all_beat() { grep -q ^command "$log" && grep -q ^child "$log" && grep -q ^grandchild "$log"; }

# A second coord that waits for the lock, and leaves a mark when it has it.
second_waits() {
  local before
  before=$(contenders)
  "$COORD" -q lock "$name" --ttl 5s -- sh -c "echo second >>'$log'" 3>&- &
  second=$!
  wait_until 10 more_contenders_than "$before"
}

contenders() { etcdctl get --prefix --keys-only -w json "$name/" | jq '.count // 0'; }
more_contenders_than() { (($(contenders) > $1)); }

second_has_run() { grep -q ^second "$log"; }

# The last line of the log is the second one's, and stays so while the first had any life left to show.
assert_no_overlap() {
  wait_until 20 second_has_run
  wait_until 20 is_gone "$second"
  local behind
  behind=$(sed -n '/^second/,$p' "$log" | tail -n +2)
  assert_equal "$behind" ""
  no_beaters
  echo "# gap: $(gap) ms" >&3
}

# From the last sign of life of the first to the second.
gap() {
  local last=$EPOCHREALTIME
  last=$(sed '/^second/,$d' "$log" | tail -1 | cut -d' ' -f2)
  awk -v a="$last" -v b="$(stat -c %.6Y "$log")" 'BEGIN { printf "%.0f", (b - a) * 1000 }'
}

no_beaters() {
  local pid
  while read -r pid; do is_gone "$pid" || return 1; done <"$log.pids"
}

exit_is() { # exit_is STATUS PID: waits for a process of ours
  local status=0
  wait "$2" || status=$?
  assert_equal "$status" "$1"
}

has_grandchild() { pgrep -P "$(pgrep -P "$1")"; }
key_of_first() { etcdctl get --prefix -w json "$name/" | jq -r '.kvs | sort_by(.create_revision)[0].key | @base64d'; }
lease_of_first() { basename "$(key_of_first)"; }

# --- one of the two processes dies or stands still ---

@test "the holder is killed: all that CMD started is gone before the next one holds" {
  first_holds --ttl 3s
  second_waits
  kill -KILL "$holder"
  assert_no_overlap
  exit_is 75 "$first"
}

@test "the guardian is killed: all that CMD started is gone before the next one holds" {
  first_holds --ttl 3s
  second_waits
  kill -KILL "$first"
  assert_no_overlap
  wait_until 20 is_gone "$holder"
}

@test "the holder is stopped for longer than the TTL: CMD is gone before the next one holds, exit 75" {
  first_holds --ttl 3s
  second_waits
  kill -STOP "$holder"
  assert_no_overlap
  kill -CONT "$holder" || true
  exit_is 75 "$first"
}

@test "the holder is stopped, and CMD is deaf to TERM: it is killed in time" {
  deaf=yes first_holds --ttl 3s
  second_waits
  kill -STOP "$holder"
  assert_no_overlap
}

@test "the guardian is stopped for longer than the TTL: the lock is still held, CMD goes on" {
  first_holds --ttl 3s
  second_waits
  kill -STOP "$first"
  wait_until 6 past "$(in_seconds 5)"
  run ! second_has_run
  kill -CONT "$first"
  kill -TERM "$first"
  assert_no_overlap
}

@test "the guardian is stopped and etcd too: CMD is killed before the lease can end" {
  first_holds --ttl 3s
  frozen=${EPOCHREALTIME/[.,]/}
  kill -STOP "$first"
  etcd_freeze
  wait_until 6 no_beaters
  assert_last_beat_before $((frozen + 3000000))
  kill -CONT "$first"
}

@test "guardian and holder are killed at once: CMD itself dies with them" {
  "$COORD" lock "$name" --ttl 3s -- sleep 300 3>&- &
  first=$!
  wait_until 10 has_grandchild "$first"
  holder=$(pgrep -P "$first")
  command=$(pgrep -P "$holder")
  kill -KILL "$first" "$holder"
  wait_until 2 is_gone "$command"
}

# --- what is held goes away ---

# At once: by what its watch says, long before a lease of ten minutes is renewed, let alone ends.
is_told_at_once() { # is_told_at_once COMMAND...: what takes the lock away from the first one
  local begin
  begin=$(milliseconds)
  "$@"
  wait_until 20 grep -q ^told "$log"
  exit_is 75 "$first"
  took_less_than 20000 "$begin"
  no_beaters
}

@test "an operator revokes the lease: CMD gets TERM at once, exit 75" {
  first_holds --ttl 600s
  second_waits
  is_told_at_once etcdctl lease revoke "$(lease_of_first)"
  wait_until 10 second_has_run # it may hold at once when an operator takes the lock away
  grep -q "lost lock '$name'" "$BATS_TEST_TMPDIR/first.err"
}

@test "the own key is deleted: CMD gets TERM at once, exit 75" {
  first_holds --ttl 600s
  is_told_at_once etcdctl del "$(key_of_first)"
}

@test "the own key is overwritten without the lease: CMD gets TERM at once, exit 75" {
  first_holds --ttl 600s
  is_told_at_once etcdctl put "$(key_of_first)" mine
  etcdctl del --prefix "$name/"
}

stop_beaters() { # all of them, in the middle of whatever they do
  local pid
  while read -r pid; do
    kill -s STOP "$pid"
    wait_until 20 is_stopped "$pid"
  done <"$log.pids"
}

@test "lost while CMD is stopped: it is continued, so that it can act on its TERM, exit 75" {
  first_holds --ttl 30s
  stop_beaters
  etcdctl del "$(key_of_first)"
  exit_is 75 "$first"
  grep -q ^told "$log"
  no_beaters
}

@test "lost while CMD and the guardian are stopped: CMD gets TERM all the same, exit 75" {
  first_holds --ttl 30s
  stop_beaters
  kill -s STOP "$first"
  wait_until 20 is_stopped "$first"
  etcdctl del "$(key_of_first)"
  wait_until 10 no_beaters
  grep -q ^told "$log"
  kill -s CONT "$first"
  exit_is 75 "$first"
}

@test "etcd stands still while CMD and the guardian are stopped: CMD gets TERM in time, exit 75" {
  first_holds --ttl 6s
  stop_beaters
  kill -s STOP "$first"
  wait_until 20 is_stopped "$first"
  etcd_freeze
  wait_until 10 no_beaters
  grep -q ^told "$log"
  kill -s CONT "$first"
  exit_is 75 "$first"
}

@test "lost, and CMD does not heed TERM: KILL after the grace, exit 75" {
  deaf=yes first_holds --ttl 30s --grace 500ms
  etcdctl lease revoke "$(lease_of_first)"
  exit_is 75 "$first"
  no_beaters
}

# --- etcd stands still ---

assert_last_beat_before() { # MICROSECONDS
  local last
  last=$(grep -E '^(command|child|grandchild)' "$log" | tail -1 | cut -d' ' -f2)
  ((${last/[.,]/} < $1))
}

@test "etcd stands still for less than the TTL: CMD notices nothing" {
  first_holds --ttl 10s
  lease=$(lease_of_first)
  etcd_freeze
  wait_until 4 past "$(in_seconds 3)"
  etcd_thaw
  wait_until 10 etcdctl get x
  wait_until 20 past "$(in_seconds 4)"
  run ! grep -q ^told "$log"
  assert_equal "$(lease_of_first)" "$lease"
  kill -TERM "$first"
  wait_until 20 is_gone "$first"
}

@test "etcd stands still for longer than the TTL: CMD gets TERM, and is gone before the deadline, exit 75" {
  first_holds --ttl 4s
  frozen=${EPOCHREALTIME/[.,]/}
  etcd_freeze
  wait_until 8 no_beaters
  assert_last_beat_before $((frozen + 4000000))
  grep -q ^told "$log"
  exit_is 75 "$first"
}

@test "etcd stands still, and CMD is deaf to TERM: killed before the deadline" {
  deaf=yes first_holds --ttl 4s
  frozen=${EPOCHREALTIME/[.,]/}
  etcd_freeze
  wait_until 8 no_beaters
  assert_last_beat_before $((frozen + 4000000))
  exit_is 75 "$first"
}

@test "etcd is restarted within the TTL: CMD notices nothing" {
  first_holds --ttl 20s
  etcd_restart
  wait_until 10 etcdctl get x
  wait_until 6 past "$(in_seconds 5)"
  run ! grep -q ^told "$log"
  kill -TERM "$first"
  exit_is 0 "$first"
}
