# Priority queues: `--priority` of enqueue, dequeue and queue.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/primitive

setup() { q=urgent-$BATS_TEST_NUMBER; }

items() { "$COORD" queue list --priority "$q" -w json | jq -r 'select(.state == "waiting").value' | paste -sd ' '; }

@test "the lowest number first, then in order" {
  "$COORD" enqueue "$q" --priority 65535 last
  "$COORD" enqueue "$q" --priority 10 b c
  "$COORD" enqueue "$q" --priority 9 a
  "$COORD" enqueue "$q" --priority 10 d
  run -0 "$COORD" queue length --priority "$q"
  assert_output 5
  run -0 "$COORD" queue peek --priority "$q"
  assert_output a
  run -0 "$COORD" dequeue --priority "$q"
  assert_output a
  "$COORD" enqueue "$q" --priority 0 first
  run -0 "$COORD" dequeue --priority "$q" --count 9
  assert_output $'first\nb\nc\nd\nlast'
}

@test "a stream of lines at one priority comes out in order" {
  seq 1000 | "$COORD" enqueue "$q" --priority 5 -
  "$COORD" dequeue --priority "$q" --count 1000 >"$BATS_TEST_TMPDIR/back"
  seq 1000 | cmp - "$BATS_TEST_TMPDIR/back"
}

@test "many producers at one priority overwrite nothing" {
  local i
  for i in 1 2 3 4 5; do start "p$i" sh -c 'for n in 1 2 3 4; do "$1" enqueue "$2" --priority 1 "$3$n"; done' - "$COORD" "$q" "$i"; done
  for i in 1 2 3 4 5; do assert_equal "$(end_of "p$i" 20)" "exit 0"; done
  run -0 "$COORD" dequeue --priority "$q" --count 99
  assert_equal "$(sort <<<"$output" | paste -sd ' ')" "11 12 13 14 21 22 23 24 31 32 33 34 41 42 43 44 51 52 53 54"
}

@test "a dequeue waits for an item of any priority" {
  start waiter "$COORD" dequeue --priority "$q"
  wait_until 10 says waiter "waiting for an item of queue '$q'"
  "$COORD" enqueue "$q" --priority 700 hello
  assert_equal "$(end_of waiter 10)" "exit 0"
  assert_equal "$(out_of waiter)" hello
}

@test "an item that failed goes back to its place, and after --attempts to NAME.dead" {
  "$COORD" enqueue "$q" --priority 3 a b
  run -1 "$COORD" dequeue --priority "$q" -- false
  assert_equal "$(items)" "a b"
  run -1 "$COORD" dequeue --priority "$q" --attempts 2 -- false
  assert_line "coord: an item of queue '$q' has failed 2 times: it is in queue '$q.dead' now"
  assert_equal "$(items)" b
  run -0 "$COORD" dequeue "$q.dead"
  assert_output a
}

@test "an item whose place was taken meanwhile comes back beside it" {
  "$COORD" enqueue "$q" --priority 3 a
  start one "$COORD" dequeue --priority "$q" -- sh -c 'echo ready; while [ ! -e "$1" ]; do sleep 0.05; done; exit 1' - \
    "$BATS_TEST_TMPDIR/go"
  wait_until 10 says one ready
  "$COORD" enqueue "$q" --priority 3 b
  touch "$BATS_TEST_TMPDIR/go"
  assert_equal "$(end_of one 10)" "exit 1"
  assert_equal "$(items)" "b a"
}

@test "items with and without a priority are not mixed up" {
  "$COORD" enqueue "$q" --priority 3 a
  run -1 "$COORD" dequeue "$q" -n
  assert_line --partial "queue '$q' holds items with a priority"
  "$COORD" enqueue "$q" plain
  run -0 --separate-stderr "$COORD" dequeue "$q"
  assert_output plain
  run -0 --separate-stderr "$COORD" queue purge --yes --priority "$q"
  assert_output 1
}
