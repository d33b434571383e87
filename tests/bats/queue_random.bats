# Queues with many producers and consumers, some of which are killed. Without crashes each item comes exactly once and in order,
# with them at least once. SEED=N throws the same dice again.
# shellcheck disable=SC2016,SC2154 # shells that CMD starts expand what is theirs; crowd.bash sets SEED

load ../lib/primitive
load ../lib/crowd

setup() {
  q=queue-$BATS_TEST_NUMBER
  done=$BATS_TEST_TMPDIR/done
  : >"$done"
}

worker() { # worker NUMBER: notes each item that CMD has had
  rm -f "$BATS_TEST_TMPDIR/w$1.pid"
  start "w$1" "$COORD" -q dequeue "$q" --follow --ttl 2s --attempts 0 "${how[@]}" -- sh -c 'echo "$COORD_ITEM" >>"$1"' - "$done"
}
end_workers() { # end_workers LABEL COUNT: those that start has started
  local i all=()
  for ((i = 1; i <= $2; i++)); do all+=("$(pid_of "$1$i")"); done
  end_all TERM "${all[@]}"
}
has_done() { (($(wc -l <"$done") >= $1)); }
all_done() { [[ $(sort -n -u "$done") == "$1" ]]; }

# lose_none ITEMS: ten workers on what is put meanwhile; eight times one is struck and another takes its place.
lose_none() {
  local i n
  for i in {1..10}; do worker "$i"; done
  for ((n = 0; n < 8; n++)); do
    wait_until 30 has_done $((n * 4))
    i=$((RANDOM % 10 + 1))
    strike "$(pid_of "w$i")"
    is_gone "$(pid_of "w$i")" || wait_until 10 has_ended "w$i" || end_process "$(pid_of "w$i")" KILL
    worker "$i"
  done
  wait_until 60 all_done "$1"
  end_workers w 10
}

@test "ten consumers that are killed at random lose no item of two producers" {
  how=()
  dice
  start p1 sh -c 'seq 100 129 | "$1" enqueue "$2" -' - "$COORD" "$q"
  start p2 sh -c 'seq 200 229 | "$1" enqueue "$2" -' - "$COORD" "$q"
  lose_none "$(seq 100 129; seq 200 229)"
}

@test "ten consumers that are killed at random lose no item of a priority queue" {
  how=(--priority)
  dice
  start p1 sh -c 'seq 100 129 | "$1" enqueue "$2" --priority 7 -' - "$COORD" "$q"
  start p2 sh -c 'seq 200 229 | "$1" enqueue "$2" --priority 3 -' - "$COORD" "$q"
  lose_none "$(seq 100 129; seq 200 229)"
}

have_come() { (($(cat "$BATS_TEST_TMPDIR"/c*.out | wc -l) >= $1)); }
come_once() { # come_once ITEMS
  wait_until 60 have_come "$(wc -l <<<"$1")"
  end_workers c 8
  run -0 sort -n "$BATS_TEST_TMPDIR"/c[1-8].out
  assert_output "$1"
}

@test "four producers, eight consumers: without crashes every item comes exactly once, of each producer in its order" {
  local i
  for i in 1 2 3 4; do start "p$i" sh -c 'seq "$3"00 "$3"39 | "$1" enqueue "$2" -' - "$COORD" "$q" "$i"; done
  for i in 1 2 3 4 5 6; do start "c$i" "$COORD" -q dequeue "$q" --follow; done
  for i in 7 8; do start "c$i" "$COORD" -q dequeue "$q" --follow -- sh -c 'echo "$COORD_ITEM"'; done
  come_once "$(seq 100 139; seq 200 239; seq 300 339; seq 400 439)"
  for i in {1..8}; do
    for producer in 1 2 3 4; do grep "^$producer" "$BATS_TEST_TMPDIR/c$i.out" | sort -n -c; done
  done
}

@test "eight consumers of one priority queue: every item comes exactly once, to each of them the most urgent first" {
  local i
  dice
  for i in $(seq 100 189 | shuf --random-source=<(yes "$SEED")); do echo "$i"; done >"$BATS_TEST_TMPDIR/items"
  for i in 1 2 3 4; do # the first digits are the priority
    start "p$i" bash -c 'while read -r n; do (("$n" % 4 + 1 != $3)) || "$1" enqueue "$2" --priority "${n:0:2}" "$n"; done <"$4"' - \
      "$COORD" "$q" "$i" "$BATS_TEST_TMPDIR/items"
  done
  for i in 1 2 3 4; do assert_equal "$(end_of "p$i" 60)" 'exit 0'; done
  for i in {1..8}; do start "c$i" "$COORD" -q dequeue --priority "$q" --follow --nonblock; done
  for i in {1..8}; do end_of "c$i" 60; done
  run -0 sort -n "$BATS_TEST_TMPDIR"/c[1-8].out
  assert_output "$(seq 100 189)"
  for i in {1..8}; do cut -c 1-2 "$BATS_TEST_TMPDIR/c$i.out" | sort -n -c; done
}
