# `coord dbarrier`: so many participants begin together and end together, round after round.
# shellcheck disable=SC2016,SC2154 # shells that CMD starts expand what is theirs; $stderr is run's

load ../lib/primitive
load ../lib/dbarrier

setup() {
  name=meet-$BATS_TEST_NUMBER
  log=$BATS_TEST_TMPDIR/log
  : >"$log"
}
teardown() {
  lock_clean
  unset COORD_SESSION
}

lines_are() { (($(wc -l <"$log") == $1)); }
pass() { echo >"$BATS_TEST_TMPDIR/$1.go"; }
# As CMD: says that it runs, and ends when pass LABEL was called.
readonly STAY='echo "$1" >>"$0"; until [ -e "${0%/*}/$1.go" ]; do sleep 0.05; done'
stays() { joins "$1" "$name" "${2:-2}" "${@:3}" -- sh -c "$STAY" "$log" "$1"; } # stays LABEL [COUNT [OPTION...]]
session() { # session: a lease as a `coord session` has it
  COORD_SESSION=$(new_lease 600)
  export COORD_SESSION
}
compact() {
  etcdctl put other "$RANDOM"
  etcdctl compact "$(revision)"
}

# --- a round ---

@test "nobody begins before all are here, and nobody ends before all have ended" {
  stays a 3
  wait_until 10 has_waiters "$name" 1
  stays b 3
  wait_until 10 has_waiters "$name" 2
  lines_are 0
  wait_until 10 says a '2 of 3 are here'
  stays c 3
  wait_until 10 lines_are 3
  pass a
  pass b
  wait_until 10 says b 'have not left'
  run ! has_ended a
  run ! has_ended b
  pass c
  for one in a b c; do assert_equal "$(end_of "$one")" 'exit 0'; done
  all_is_gone
}

@test "run without CMD: they meet and go on" {
  joins a "$name" 2
  wait_until 10 has_waiters "$name" 1
  run -0 "$COORD" dbarrier run "$name" --count 2
  assert_equal "$(end_of a)" 'exit 0'
  all_is_gone
}

@test "CMD's own status is the exit status; all of a round see one COORD_DBARRIER_REV" {
  joins a "$name" 2 -- sh -c 'echo $COORD_DBARRIER_REV; exit 3'
  joins b "$name" 2 -- sh -c 'echo $COORD_DBARRIER_REV; exit 4'
  assert_equal "$(end_of a 20)" 'exit 3'
  assert_equal "$(end_of b)" 'exit 4'
  assert_equal "$(out_of a)" "$(out_of b)"
  (($(out_of a) > 0))
}

@test "a round of one" {
  run -0 "$COORD" dbarrier run "$name" --count 1 -- echo alone
  assert_output alone
  all_is_gone
}

@test "status: who is here, of how many, and whether they are in" {
  run -1 "$COORD" dbarrier status "$name"
  assert_output "dbarrier '$name': nobody is here"
  stays a 2 --note first
  wait_until 10 has_waiters "$name" 1
  run -0 "$COORD" dbarrier status "$name"
  assert_line --index 0 "dbarrier '$name': 1 of 2 is here, not ready"
  assert_line --index 1 --regexp "pid $(pid_of a) \(sh\) for .*, \"first\", key $name/waiters/[0-9]{19}, revision "
  stays b
  wait_until 10 lines_are 2
  run -0 "$COORD" dbarrier status "$name"
  assert_line --index 0 --regexp "^dbarrier '$name': ready since revision [0-9]+, 2 of 2 are in$"
  assert_equal "$("$COORD" dbarrier status "$name" --json | jq -c '[.count, .here, .ready, .members[].inside]')" \
    '[2,2,true,true,true]'
}

# --- no ---

@test "too many: exit 1, a clear message, and no key left behind" {
  stays a
  stays b
  wait_until 10 lines_are 2
  run -1 "$COORD" dbarrier run "$name" --count 2 -- touch "$BATS_TEST_TMPDIR/ran"
  assert_line --index 0 "coord: dbarrier '$name': too many: 2 of 2 are here already"
  has_waiters "$name" 2
  [[ ! -e $BATS_TEST_TMPDIR/ran ]]
}

@test "another count: exit 65, and no key left behind" {
  stays a 3
  wait_until 10 has_waiters "$name" 1
  run -65 "$COORD" dbarrier run "$name" --count 2 -- true
  assert_line --index 0 "coord: dbarrier '$name': others wait for 3 participants, not 2"
  has_waiters "$name" 1
}

@test "--timeout: exit 124, how many came, and no key left behind" {
  stays a 3
  wait_until 10 has_waiters "$name" 1
  run -124 "$COORD" -q dbarrier run --timeout 300ms "$name" --count 3 -- true
  run -124 "$COORD" dbarrier run --timeout 300ms "$name" --count 3 -- true
  assert_output "coord: dbarrier '$name': timed out: 2 of 3 came"
  run -8 "$COORD" -q dbarrier run -E 8 --timeout 300ms "$name" --count 3 -- true
  has_waiters "$name" 1
}

@test "--nonblock: gets in as the last one only" {
  run -1 "$COORD" dbarrier run -n "$name" --count 2 -- true
  assert_line --index 0 "coord: dbarrier '$name': 0 of 2 are here"
  joins a "$name" 2
  wait_until 10 has_waiters "$name" 1
  run -0 "$COORD" dbarrier run -n "$name" --count 2 -- true
  assert_equal "$(end_of a)" 'exit 0'
}

@test "--timeout bounds the leaving too: exit 124, and the others go on without us" {
  stays a 2 --timeout 2s
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 lines_are 2
  pass a
  assert_equal "$(end_of a 20)" 'exit 124'
  says a 'timed out while leaving: 1 has not left'
  pass b
  assert_equal "$(end_of b)" 'exit 0'
}

@test "usage errors: exit 64" {
  for words in "run $name" "run $name --count 0" "run $name --count x" "run '' --count 2" "enter $name" "status ''" \
    "leave $name" "status"; do
    eval "set -- $words"
    run "$COORD" dbarrier "$@"
    echo "# dbarrier $words: $output" && assert_equal "$status" 64
  done
}

@test "etcd cannot be reached: 69 without waiting, 124 with a limit" {
  ports_take nobody
  export COORD_ENDPOINTS=127.0.0.1:$nobody
  run -69 "$COORD" dbarrier status "$name"
  run -69 "$COORD" dbarrier run -n "$name" --count 2 -- true
  run -124 "$COORD" -q dbarrier run --timeout 1s "$name" --count 2 -- true
  COORD_SESSION=7 run -69 "$COORD" dbarrier leave "$name"
  COORD_SESSION=7 run -69 "$COORD" dbarrier enter -n "$name" --count 2
}

# --- signals ---

@test "INT while waiting: the place is free again at once" {
  stays a
  wait_until 10 has_waiters "$name" 1
  send INT a
  assert_equal "$(end_of a)" 'signal 2'
  all_is_gone
}

@test "TERM while leaving ends that, and the others go on without us" {
  stays a
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 lines_are 2
  pass a
  wait_until 10 says a 'has not left'
  send TERM a
  assert_equal "$(end_of a)" 'signal 15'
  has_waiters "$name" 1
  pass b
  assert_equal "$(end_of b)" 'exit 0'
  all_is_gone
}

@test "a CMD that is killed keeps nobody: no waiting in leave" {
  stays a
  joins b "$name" 2 -- sh -c 'kill -KILL $$'
  assert_equal "$(end_of b 20)" 'exit 137'
  has_waiters "$name" 1
  pass a
  assert_equal "$(end_of a)" 'exit 0'
  all_is_gone
}

@test "the only one of a round gets TERM: no ready stays behind" {
  stays a 1
  wait_until 10 lines_are 1
  send TERM a
  assert_equal "$(end_of a)" 'signal 15'
  all_is_gone
}

@test "enter without a session stays in until a signal, and leaves then" {
  start a "$COORD" dbarrier enter "$name" --count 2
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 says a "$name/waiters/"
  send TERM a
  wait_until 10 says a 'has not left'
  pass b
  assert_equal "$(end_of a)" 'exit 0'
  assert_equal "$(end_of b)" 'exit 0'
  all_is_gone
}

@test "enter without a session: a second signal ends the leaving" {
  start a "$COORD" dbarrier enter "$name" --count 2
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 says a "$name/waiters/"
  send TERM a
  wait_until 10 says a 'has not left'
  send TERM a
  assert_equal "$(end_of a)" 'signal 15'
  has_waiters "$name" 1
}

# --- inside of a session ---

@test "enter and leave with COORD_SESSION return at once, on the session's lease" {
  session
  stays b
  wait_until 10 has_waiters "$name" 1
  run -0 "$COORD" dbarrier enter "$name" --count 2
  assert_line --partial "$name/waiters/"
  etcdctl lease timetolive --keys "$COORD_SESSION" | grep -q "$name/waiters/"
  pass b
  run -0 "$COORD" dbarrier leave "$name"
  assert_output ''
  assert_equal "$(end_of b)" 'exit 0'
  round_is_over "$name"
  run -1 "$COORD" dbarrier leave "$name"
  assert_output "coord: dbarrier '$name': this session is not in"
}

@test "enter with COORD_SESSION: a timeout and INT take the key back; a session that has ended: exit 75" {
  session
  run -124 "$COORD" dbarrier enter --timeout 300ms "$name" --count 2
  has_waiters "$name" 0
  start a "$COORD" dbarrier enter "$name" --count 2
  wait_until 10 has_waiters "$name" 1
  send INT a
  assert_equal "$(end_of a)" 'signal 2'
  has_waiters "$name" 0
  etcdctl lease revoke "$COORD_SESSION"
  run -75 "$COORD" dbarrier enter "$name" --count 2
  COORD_SESSION=nonsense run -78 "$COORD" dbarrier enter "$name" --count 2
}

# --- crashes ---

@test "a participant dies before ready: another one takes its slot when its lease has ended" {
  stays a 2 --ttl 2s
  wait_until 10 has_waiters "$name" 1
  crash a
  wait_until 20 has_waiters "$name" 0
  stays b
  wait_until 10 has_waiters "$name" 1
  stays c
  wait_until 10 lines_are 2
  pass b
  pass c
  assert_equal "$(end_of b)" 'exit 0'
  assert_equal "$(end_of c)" 'exit 0'
}

@test "a participant dies between ready and leave: the others wait for its lease, and no longer" {
  stays a 3 --ttl 2s
  wait_until 10 has_waiters "$name" 1
  stays b 3
  stays c 3
  wait_until 10 lines_are 3
  pass b
  pass c
  wait_until 10 says b 'not left'
  crash a
  assert_equal "$(end_of b 20)" 'exit 0'
  assert_equal "$(end_of c 20)" 'exit 0'
}

@test "the oldest dies in leave: the others leave when its lease has ended" {
  stays a 2 --ttl 2s
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 lines_are 2
  pass a
  wait_until 10 says a 'has not left'
  crash a
  pass b
  assert_equal "$(end_of b 20)" 'exit 0'
  all_is_gone
}

@test "the session is lost while CMD runs: CMD is stopped, exit 75, and the others are not held up" {
  stays a
  wait_until 10 has_waiters "$name" 1
  stays b
  wait_until 10 lines_are 2
  etcdctl lease revoke "$("$COORD" dbarrier status "$name" --json | jq -r '.members[0].lease')"
  assert_equal "$(end_of a 10)" 'exit 75'
  pass b
  assert_equal "$(end_of b 10)" 'exit 0'
}

# --- etcd in trouble ---

@test "compactions and a restart of etcd while they wait: the round begins all the same" {
  stays a
  wait_until 10 has_waiters "$name" 1
  compact
  etcd_restart
  compact
  run ! has_ended a
  stays b
  wait_until 30 lines_are 2
  pass a
  wait_until 10 says a 'has not left'
  compact
  etcd_restart
  compact
  run ! has_ended a
  pass b
  assert_equal "$(end_of a 30)" 'exit 0'
  assert_equal "$(end_of b 30)" 'exit 0'
}

@test "odd names" {
  for odd in 'two words' 'slash/' '/' $'new\nline' $'\xff\xfe' ready; do
    joins a "$odd" 2
    wait_until 10 has_waiters "$odd" 1
    run -0 "$COORD" dbarrier run --count 2 "$odd"
    assert_equal "$(end_of a)" 'exit 0'
    rm "$BATS_TEST_TMPDIR"/a.*
  done
  run -0 "$COORD" dbarrier run --count 1 'two words/' -- sh -c 'etcdctl get --keys-only --prefix "two words//"'
  assert_line --regexp '^two words//waiters/[0-9]+$'
  assert_line 'two words//ready'
}

# --- round after round on one name ---

loops() { # loops LABEL ROUNDS COUNT: each round is a process of its own
  start "$1" sh -c 'i=0; while [ $i -lt "$2" ]; do
    "$0" -q dbarrier run "$1" --count "$3" -- sh -c "$4" "$5" || exit; i=$((i + 1)); done' \
    "$COORD" "$name" "$2" "$3" "$WORK" "$log"
}

@test "three workers re-use one name for 30 rounds: rounds never mix" {
  for one in a b c; do loops "$one" 30 3; done
  for one in a b c; do assert_equal "$(end_of "$one" 120)" 'exit 0'; done
  rounds_are_whole "$log" 3 30
  all_is_gone
}
