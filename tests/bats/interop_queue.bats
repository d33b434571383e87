# `coord enqueue` and `dequeue` beside Go programs (tests/interop) that use etcd's recipes Queue and PriorityQueue.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/interop

setup() { q=shared-$BATS_TEST_NUMBER; }

@test "Go puts, coord takes, in order" {
  "$INTEROP" queue enqueue "$q" a,b,c
  run -0 "$COORD" queue list "$q" -w json
  assert_equal "$(jq -r .value <<<"$output" | paste -sd ' ')" "a b c"
  run -0 "$COORD" dequeue "$q" --count 2
  assert_output $'a\nb'
  run -0 "$COORD" dequeue "$q" -- sh -c 'echo "$COORD_ITEM"'
  assert_output c
}

@test "coord puts, Go takes, in order" {
  "$COORD" enqueue "$q" a b
  "$INTEROP" queue enqueue "$q" c
  "$COORD" enqueue "$q" d
  run -0 "$INTEROP" queue dequeue "$q" 4
  assert_output $'a\nb\nc\nd'
}

@test "Go waits for what coord puts" {
  start go "$INTEROP" queue dequeue "$q" 1
  "$COORD" enqueue "$q" a
  assert_equal "$(end_of go 15)" "exit 0"
  assert_equal "$(out_of go)" a
}

@test "coord waits for what Go puts" {
  start waiter "$COORD" dequeue "$q"
  wait_until 10 says waiter waiting
  "$INTEROP" queue enqueue "$q" a
  assert_equal "$(end_of waiter 15)" "exit 0"
  assert_equal "$(out_of waiter)" a
}

@test "Go does not see what coord works on, and takes what coord gives back" {
  "$COORD" enqueue "$q" a b
  start worker "$COORD" dequeue "$q" -- sh -c 'echo ready; exec sleep 100'
  wait_until 10 says worker ready
  run -0 "$INTEROP" queue dequeue "$q" 1
  assert_output b
  start go "$INTEROP" queue dequeue "$q" 1
  send TERM worker
  assert_equal "$(end_of go 15)" "exit 0"
  assert_equal "$(out_of go)" a
}

@test "both processes of a coord that works die of SIGKILL: the item comes back behind its lease, and Go takes it" {
  "$INTEROP" queue enqueue "$q" a
  start worker "$COORD" dequeue --ttl 2s "$q" -- sh -c 'echo ready; exec sleep 100'
  wait_until 10 says worker ready
  start go "$INTEROP" queue dequeue "$q" 1
  crash worker
  start next "$COORD" dequeue --follow "$q" -- false # looks after what the dead had, and keeps nothing
  assert_equal "$(end_of go 30)" "exit 0"
  assert_equal "$(out_of go)" a
  end_process "$(pid_of next)"
  run -1 "$COORD" dequeue -n "$q"
}

@test "a Go program that waits dies of SIGKILL: coord gets what comes" {
  start go "$INTEROP" queue dequeue "$q" 1
  start waiter "$COORD" dequeue "$q"
  wait_until 10 says waiter waiting
  end_process "$(pid_of go)" KILL
  "$INTEROP" queue enqueue "$q" a
  assert_equal "$(end_of waiter 15)" "exit 0"
  assert_equal "$(out_of waiter)" a
}

@test "priorities: who waits gets what the other one puts" {
  start go "$INTEROP" priorityqueue dequeue "$q" 1
  "$COORD" enqueue "$q" --priority 7 a
  assert_equal "$(end_of go 15)" "exit 0"
  assert_equal "$(out_of go)" a
  start waiter "$COORD" dequeue --priority "$q"
  wait_until 10 says waiter waiting
  "$INTEROP" priorityqueue enqueue "$q" 7 b
  assert_equal "$(end_of waiter 15)" "exit 0"
  assert_equal "$(out_of waiter)" b
}

@test "priorities: a coord that works dies of SIGKILL: the item comes back in its place, and Go takes it first" {
  "$COORD" enqueue "$q" --priority 3 a
  start worker "$COORD" dequeue --priority --ttl 2s "$q" -- sh -c 'echo ready; exec sleep 100'
  wait_until 10 says worker ready
  crash worker
  "$INTEROP" priorityqueue enqueue "$q" 7 b
  wait_until 20 no_lease_left
  run -1 "$COORD" dequeue --priority "$q" -- false # brings it back, takes it, and gives it back
  run -0 "$INTEROP" priorityqueue dequeue "$q" 2
  assert_output $'a\nb'
}
no_lease_left() { (($(leases_count) == 0)); }

@test "priorities: Go puts, coord takes" {
  "$INTEROP" priorityqueue enqueue "$q" 7 c,d
  "$INTEROP" priorityqueue enqueue "$q" 0 a
  "$COORD" enqueue "$q" --priority 7 e
  "$COORD" enqueue "$q" --priority 3 b
  run -0 "$COORD" dequeue --priority "$q" --count 9
  assert_output $'a\nb\nc\nd\ne'
}

@test "priorities: coord puts, Go takes" {
  "$COORD" enqueue "$q" --priority 7 c
  "$COORD" enqueue "$q" --priority 0 a b
  "$INTEROP" priorityqueue enqueue "$q" 7 d
  run -0 "$INTEROP" priorityqueue dequeue "$q" 4
  assert_output $'a\nb\nc\nd'
}

@test "priorities: Go counts on behind an item that coord gave back" {
  "$COORD" enqueue "$q" --priority 7 a b
  run -1 "$COORD" dequeue --priority "$q" -- false
  run -0 "$COORD" dequeue --priority "$q" -- sh -c 'test "$COORD_ITEM_ATTEMPT" = 2'
  run -1 "$COORD" dequeue --priority "$q" -- false
  "$INTEROP" priorityqueue enqueue "$q" 7 c
  run -0 "$INTEROP" priorityqueue dequeue "$q" 2
  assert_output $'b\nc'
}

@test "producers and consumers of both kinds: each item is taken once" {
  local i go
  go=$(seq -s , 100 139)
  start p1 "$INTEROP" queue enqueue "$q" "$go"
  start p2 sh -c 'seq 200 239 | "$1" enqueue "$2" -' - "$COORD" "$q"
  for i in 1 2; do start "g$i" "$INTEROP" queue dequeue "$q" 100; done
  for i in 3 4; do start "g$i" "$COORD" -q dequeue "$q" --follow; done
  wait_until 30 have_come 80
  for i in 1 2 3 4; do end_process "$(pid_of "g$i")" KILL; done # Go's wait hears no TERM
  run -0 sort -n "$BATS_TEST_TMPDIR"/g[1-4].out
  assert_output "$(seq 100 139; seq 200 239)"
}
have_come() { (($(cat "$BATS_TEST_TMPDIR"/g[1-4].out | wc -l) >= $1)); }

@test "priorities put by both at once: each item is taken once" {
  local go
  go=$(seq -s , 100 119)
  start p1 "$INTEROP" priorityqueue enqueue "$q" 5 "$go"
  start p2 sh -c 'for n in $(seq 200 219); do "$1" enqueue "$2" --priority 5 "$n"; done' - "$COORD" "$q"
  assert_equal "$(end_of p1 30)" "exit 0"
  assert_equal "$(end_of p2 30)" "exit 0"
  "$INTEROP" priorityqueue dequeue "$q" 15 >"$BATS_TEST_TMPDIR/all"
  "$COORD" dequeue --priority "$q" --count 99 >>"$BATS_TEST_TMPDIR/all"
  run -0 sort -n "$BATS_TEST_TMPDIR/all"
  assert_output "$(seq 100 119; seq 200 219)"
}
