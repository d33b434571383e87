# `coord barrier` and `coord dbarrier` beside Go programs (tests/interop): one gate, one round. "go" is the recipe of etcd 3.4,
# "go-new" behaves as that of 3.5.6 and later.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/interop
load ../lib/dbarrier
load ../lib/metrics

setup() {
  name=interop/gate-$BATS_TEST_NUMBER
  log=$BATS_TEST_TMPDIR/log
  : >"$log"
}
teardown() {
  [[ -n ${BATS_TEST_COMPLETED-} ]] || tail "$BATS_TEST_TMPDIR"/*.{out,err} || true
  lock_clean
}

# --- the barrier ---

@test "Go holds: coord waits, and passes when Go releases it" {
  "$INTEROP" barrier hold "$name"
  run -1 "$COORD" barrier hold "$name"
  start waiter "$COORD" barrier wait "$name"
  wait_until 10 says waiter 'held since revision'
  "$INTEROP" barrier release "$name"
  assert_equal "$(end_of waiter)" 'exit 0'
}

@test "coord holds: Go cannot, waits, and passes when coord releases it, other writes in between or not" {
  for other in '' yes; do
    "$COORD" barrier hold "$name"
    run -1 "$INTEROP" barrier hold "$name"
    [[ -z $other ]] || etcdctl put other 1
    before=$(watchers)
    start waiter "$INTEROP" barrier wait "$name"
    wait_until 10 watchers_are_more_than "$before"
    run ! has_ended waiter
    "$COORD" barrier release "$name"
    assert_equal "$(end_of waiter)" 'exit 0'
    assert_equal "$(out_of waiter)" passed
    rm "$BATS_TEST_TMPDIR"/waiter.*
  done
}

@test "coord releases what Go holds, and Go what coord holds" {
  "$INTEROP" barrier hold "$name"
  "$COORD" barrier release "$name"
  "$COORD" barrier hold "$name"
  "$INTEROP" barrier release "$name"
  run -1 "$COORD" barrier status "$name"
}

@test "both processes of a coord that holds with a session die of SIGKILL: Go passes when the lease ends" {
  start holder "$COORD" barrier hold --session --ttl 4s "$name"
  wait_until 10 says holder "$name"
  before=$(watchers)
  start waiter "$INTEROP" barrier wait "$name"
  wait_until 10 watchers_are_more_than "$before"
  crash holder
  "$COORD" barrier status "$name" # not before
  run ! has_ended waiter
  assert_equal "$(end_of waiter 20)" 'exit 0'
  assert_equal "$(out_of waiter)" passed
}

@test "who waits dies of SIGKILL, Go's or coord's: nothing of it stays, and the other one passes" {
  for dead in go coord; do
    "$COORD" barrier hold "$name"
    before=$(watchers)
    start go "$INTEROP" barrier wait "$name"
    wait_until 10 watchers_are_more_than "$before"
    start coord "$COORD" barrier wait "$name"
    wait_until 10 says coord 'held by'
    end_process "$(pid_of "$dead")" KILL
    "$COORD" barrier release "$name"
    for one in go coord; do
      [[ $one == "$dead" ]] || assert_equal "$(end_of "$one")" 'exit 0'
    done
    assert_equal "$(keys_count "$name")" 0
    rm "$BATS_TEST_TMPDIR"/{go,coord}.*
  done
}

# --- the double barrier ---

# comes LABEL KIND COUNT: a participant that says "in", and leaves once let_out LABEL was called.
comes() {
  case $2 in
    go) start "$1" "$INTEROP" dbarrier meet -ttl "${4:-60}" "$name" "$3" "$BATS_TEST_TMPDIR/$1.go" ;;
    go-new) start "$1" "$INTEROP" dbarrier meet-new -ttl "${4:-60}" "$name" "$3" "$BATS_TEST_TMPDIR/$1.go" ;;
    coord)
      start "$1" "$COORD" dbarrier run --ttl "${4:-60}" "$name" --count "$3" -- \
        sh -c 'echo in; until [ -e "$0" ]; do sleep 0.05; done' "$BATS_TEST_TMPDIR/$1.go"
      ;;
  esac
}
let_out() { echo >"$BATS_TEST_TMPDIR/$1.go"; }
is_in() { says "$1" '^in$'; }

# assert_round KIND...: they come one after the other, in this order, and leave in the reverse one.
assert_round() {
  local at count=$# # no `i`: run of Bats changes that
  for ((at = 1; at <= count; at++)); do
    wait_until 10 has_waiters "$name" $((at - 1))
    ((at == 1)) || run ! is_in p1
    comes "p$at" "${!at}" "$count"
  done
  for ((at = 1; at <= count; at++)); do wait_until 20 is_in "p$at"; done
  for ((at = count; at > 1; at--)); do let_out "p$at"; done
  run ! has_ended "p$count"
  let_out p1
  for ((at = 1; at <= count; at++)); do assert_equal "$(end_of "p$at" 20)" 'exit 0'; done
  round_is_over "$name"
}

@test "Go first, coord second" { assert_round go coord; }
@test "coord first, Go second" { assert_round coord go; }
@test "the newer Go first, coord second" { assert_round go-new coord; }
@test "coord first, the newer Go second" { assert_round coord go-new; }
@test "all kinds in one round, coord in the middle" { assert_round go coord go-new; }
@test "all kinds in one round, coord at both ends" { assert_round coord go coord go-new coord; }

@test "too many: coord is refused where Go programs are in, and a newer Go program where coords are" {
  comes a go 2
  comes b go-new 2
  wait_until 20 is_in a
  run -1 "$COORD" dbarrier run "$name" --count 2 -- true
  has_waiters "$name" 2
  let_out a
  let_out b
  assert_equal "$(end_of a 20)" 'exit 0'
  comes c coord 1
  wait_until 20 is_in c
  run -1 "$INTEROP" dbarrier meet-new "$name" 1 none
  let_out c
}

@test "status shows Go programs by their lease, and the count that it is told" {
  comes a go 3
  wait_until 10 has_waiters "$name" 1
  run -0 "$COORD" dbarrier status "$name"
  assert_line --index 0 "dbarrier '$name': 1 is here, not ready"
  assert_line --index 1 --regexp '^  lease [0-9a-f]+, key '
  run -0 "$COORD" dbarrier status "$name" --count 3
  assert_line --index 0 "dbarrier '$name': 1 of 3 is here, not ready"
}

@test "a Go program dies before ready: coord takes its slot once its lease has ended" {
  comes a go 2 2
  wait_until 10 has_waiters "$name" 1
  kill -KILL "$(pid_of a)"
  wait_until 20 has_waiters "$name" 0
  assert_round coord go
}

@test "coord dies before ready: Go, which waits, is let in with whoever takes the slot once the lease has ended" {
  comes a go 3
  wait_until 10 has_waiters "$name" 1
  comes b coord 3 2
  wait_until 10 has_waiters "$name" 2
  crash b
  wait_until 20 has_waiters "$name" 1
  run ! is_in a
  comes c go 3
  wait_until 10 has_waiters "$name" 2
  comes d coord 3
  for one in a c d; do wait_until 20 is_in "$one"; done
  for one in a c d; do let_out "$one"; done
  for one in a c d; do assert_equal "$(end_of "$one" 20)" 'exit 0'; done
  round_is_over "$name"
}

@test "a Go program dies as the last one, between its key and ready: coord puts ready" {
  comes a coord 2
  wait_until 10 has_waiters "$name" 1
  "$INTEROP" dbarrier die "$name" 2
  wait_until 20 is_in a
}

@test "a Go program dies inside: coord leaves once its lease has ended" {
  comes a go 2 2
  wait_until 10 has_waiters "$name" 1
  comes b coord 2
  wait_until 20 is_in a
  kill -KILL "$(pid_of a)"
  let_out b
  assert_equal "$(end_of b 30)" 'exit 0'
}

@test "coord dies inside: Go programs leave once its lease has ended" {
  comes a coord 2 2
  wait_until 10 has_waiters "$name" 1
  comes b go 2
  wait_until 20 is_in b
  wait_until 20 is_in a
  crash a
  let_out b
  assert_equal "$(end_of b 30)" 'exit 0'
}

@test "two Go programs and a coord meet twenty times, on a name a round" {
  start a "$INTEROP" dbarrier loop "$name" 3 20 "$log"
  start b "$INTEROP" dbarrier loop "$name" 3 20 "$log"
  start c sh -c 'for i in $(seq 20); do
    "$0" -q dbarrier run "$1-$i" --count 3 -- sh -c "echo enter $i >>$2; echo exit $i >>$2" || exit; done' "$COORD" "$name" "$log"
  for one in a b c; do assert_equal "$(end_of "$one" 60)" 'exit 0'; done
  rounds_are_whole "$log" 3 20
}
