# `coord dequeue NAME -- CMD`: an item is claimed while CMD works on it, and gone only when CMD exits 0.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/primitive

setup() { q=work-$BATS_TEST_NUMBER; }

# --- helpers ---

items() { "$COORD" queue list "$1" -w json | jq -r 'select(.state == "waiting").value' | paste -sd ' '; }
has_items() { [[ $(items "$1") == "$2" ]]; }
is_claimed() { "$COORD" queue list "$1" | grep -q '^claimed: '; }
worker() { start "$1" "$COORD" dequeue "$q" --ttl 3s --grace 1s "${@:2}"; } # worker NAME [OPTION...] -- CMD…
is_all_gone() { (($(keys_count '') == 0)); }

@test "CMD finds its item on stdin and in its environment, and success takes it away" {
  "$COORD" enqueue "$q" $'two\nlines'
  run -0 "$COORD" dequeue "$q" -- sh -c 'cat; echo "|$COORD_ITEM|$COORD_QUEUE|$COORD_ITEM_ATTEMPT|${COORD_ITEM_KEY%%/*}"'
  assert_output $'two\nlines|two\nlines|'"$q|1|$q"
  wait_until 20 all_is_gone
}

@test "an item that no environment can carry is on stdin" {
  head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/item"
  "$COORD" enqueue "$q" --value-file "$BATS_TEST_TMPDIR/item"
  COORD_ITEM=outer run -0 "$COORD" dequeue "$q" -- sh -c 'cmp - "$1" && echo "same, $COORD_ITEM"' - "$BATS_TEST_TMPDIR/item"
  assert_output "same, "
}

@test "while CMD works the item is shown as claimed, and nobody else gets it" {
  "$COORD" enqueue "$q" a
  worker one --note nightly -- sleep 100
  wait_until 10 is_claimed "$q"
  run -0 "$COORD" queue list "$q"
  assert_output --regexp "^claimed: 'a' by .*@.* pid [0-9]+ \(sleep\) for .*, attempt 1, key $q/[0-9]+$"
  run -0 "$COORD" queue length "$q" -w json
  assert_output "{\"name\":\"$q\",\"length\":0,\"claimed\":1}"
  run -1 "$COORD" -q dequeue "$q" -n
  run -1 "$COORD" -q who # its keys look like a lock's, but are none
  refute_output
  send TERM one
  assert_equal "$(end_of one 10)" "signal 15"
  wait_until 20 has_items "$q" a
  run -0 "$COORD" queue list "$q" # a worker that is told to end says nothing about its item
  refute_output --partial failed
}

@test "CMD fails: its exit status, and the item goes to the end of the queue" {
  "$COORD" enqueue "$q" a b
  run -7 "$COORD" dequeue "$q" -- sh -c 'exit 7'
  assert_equal "$(items "$q")" "b a"
  run -137 "$COORD" dequeue "$q" -- sh -c 'kill -KILL $$'
  assert_equal "$(items "$q")" "a b"
  run -0 "$COORD" dequeue "$q" -- sh -c 'echo "$COORD_ITEM $COORD_ITEM_ATTEMPT"'
  assert_output "a 2"
}

@test "after --attempts that failed the item is in NAME.dead" {
  "$COORD" enqueue "$q" poison
  run -1 "$COORD" dequeue "$q" --attempts 2 -- false
  run -1 "$COORD" dequeue "$q" --attempts 2 -- false
  assert_output "coord: an item of queue '$q' has failed 2 times: it is in queue '$q.dead' now"
  assert_equal "$(items "$q")" ""
  run -0 "$COORD" dequeue "$q.dead"
  assert_output poison
}

@test "five attempts by default, and any number with --attempts 0" {
  "$COORD" enqueue "$q" poison
  run -0 "$COORD" -q dequeue "$q" --follow -n -- sh -c 'echo $COORD_ITEM_ATTEMPT; exit 1'
  assert_output $'1\n2\n3\n4\n5'
  assert_equal "$(items "$q.dead")" poison
  "$COORD" enqueue "$q" again
  for _ in 1 2 3 4 5 6; do run -1 "$COORD" dequeue "$q" --attempts 0 -- false; done
  assert_equal "$(items "$q")" again
}

@test "CMD that cannot be started counts as no attempt" {
  "$COORD" enqueue "$q" a
  run -127 "$COORD" dequeue "$q" --attempts 1 -- /nonexistent
  run -126 "$COORD" dequeue "$q" --attempts 1 -- /etc/passwd
  run -127 "$COORD" dequeue "$q" --attempts 1 --follow -- /nonexistent
  run -0 "$COORD" queue list "$q"
  refute_output --partial failed
  run -0 "$COORD" dequeue "$q" --attempts 1 -- sh -c 'echo $COORD_ITEM_ATTEMPT'
  assert_output 1
}

@test "waiting: exit 1 and 124, TERM leaves nothing" {
  run -1 "$COORD" dequeue "$q" -n -- true
  assert_output "coord: queue '$q' is empty"
  run -124 "$COORD" dequeue "$q" --timeout 300ms -- true
  assert_output "coord: queue '$q': timed out: it is empty"
  worker one -- true
  wait_until 10 says one "waiting for an item of queue '$q': it is empty"
  send TERM one
  assert_equal "$(end_of one)" "signal 15"
  wait_until 20 all_is_gone
}

@test "an item that comes while it waits starts CMD" {
  worker one -- sh -c 'echo "$COORD_ITEM"'
  wait_until 10 says one waiting
  "$COORD" enqueue "$q" a
  assert_equal "$(end_of one 10)" "exit 0"
  assert_equal "$(out_of one)" a
}

@test "--count: CMD for each of up to so many items, and the status of one that failed" {
  "$COORD" enqueue "$q" a b c
  run -3 "$COORD" dequeue "$q" --count 2 -- sh -c 'echo "$COORD_ITEM"; [ "$COORD_ITEM" != a ] || exit 3'
  assert_output $'a\nb'
  assert_equal "$(items "$q")" "c a"
  run -0 "$COORD" dequeue "$q" --count 9 -- sh -c 'echo "$COORD_ITEM"'
  assert_output $'c\na'
}

@test "--follow: CMD for each item, one after the other, until TERM" {
  worker one --follow -- sh -c 'echo "$COORD_ITEM"'
  "$COORD" enqueue "$q" a b
  wait_until 15 says one b
  "$COORD" enqueue "$q" c
  wait_until 15 says one c
  assert_equal "$(out_of one)" $'a\nb\nc'
  send TERM one
  assert_equal "$(end_of one 10)" "signal 15"
  wait_until 20 all_is_gone
}

@test "--follow: TERM lets CMD end in order, and no next one begins" {
  "$COORD" enqueue "$q" a b
  worker one --follow -- sh -c 'trap "echo ending; exit 0" TERM; echo ready; while :; do sleep 0.05; done'
  wait_until 10 says one ready
  send TERM one
  assert_equal "$(end_of one 10)" "exit 0"
  assert_equal "$(out_of one)" $'ready\nending'
  assert_equal "$(items "$q")" b
}

@test "the lease is lost: CMD is stopped, exit 75, and the item is served again" {
  "$COORD" enqueue "$q" a
  worker one -- sh -c 'echo ready; exec sleep 100'
  wait_until 10 says one ready
  vacate "$(etcdctl lease list | sed 1d)"
  assert_equal "$(end_of one 10)" "exit 75"
  assert_regex "$(err_of one)" "lost an item of queue '$q': .*; sh was stopped"
  run -0 "$COORD" dequeue "$q" --timeout 20s
  assert_output a
}

@test "coord is killed: CMD dies, and the holder gives the item back" {
  "$COORD" enqueue "$q" a
  worker one -- sh -c 'echo $$; exec sleep 100'
  wait_until 10 says one '[0-9]'
  kill -KILL "$(pid_of one)"
  wait_until 10 is_gone "$(out_of one)"
  wait_until 10 has_items "$q" a
}

@test "both processes are killed, as when the host dies: the next consumer gets the item, after the lease" {
  "$COORD" enqueue "$q" a
  worker one -- sh -c 'echo $$; exec sleep 100'
  wait_until 10 says one '[0-9]'
  crash one
  run -0 "$COORD" dequeue "$q" --timeout 30s -- sh -c 'echo "$COORD_ITEM $COORD_ITEM_ATTEMPT"'
  assert_output --partial "a 2"
  wait_until 20 is_all_gone
}

@test "an item that kills its consumers ends in NAME.dead too" {
  "$COORD" enqueue "$q" poison
  worker one -- sh -c 'echo $$; exec sleep 100'
  wait_until 10 says one '[0-9]'
  crash one
  wait_until 15 no_leases
  run -1 "$COORD" -q dequeue "$q" -n --attempts 1
  assert_equal "$(items "$q.dead")" poison
}
no_leases() { (($(leases_count) == 0)); }

@test "etcd is restarted while CMD works" {
  "$COORD" enqueue "$q" a
  start one "$COORD" dequeue "$q" --ttl 15s -- sh -c 'echo ready; while [ ! -e "$1" ]; do sleep 0.05; done' - "$BATS_TEST_TMPDIR/go"
  wait_until 10 says one ready
  etcd_kill
  etcd_restart
  touch "$BATS_TEST_TMPDIR/go"
  assert_equal "$(end_of one 15)" "exit 0"
  wait_until 20 all_is_gone
}

@test "etcd is away when CMD has ended: exit 69, and the item is served again" {
  "$COORD" enqueue "$q" a
  start one "$COORD" dequeue "$q" --ttl 5s --grace 500ms -- sh -c 'echo ready; while [ ! -e "$1" ]; do sleep 0.05; done' - "$BATS_TEST_TMPDIR/go"
  wait_until 10 says one ready
  etcd_kill
  touch "$BATS_TEST_TMPDIR/go"
  assert_equal "$(end_of one 15)" "exit 69"
  assert_regex "$(err_of one)" "is done, but could not be taken away"
  etcd_restart
  run -0 "$COORD" dequeue "$q" --timeout 60s
  assert_output --partial a
}

@test "--follow survives an etcd that was away when CMD ended" {
  "$COORD" enqueue "$q" a b
  start one "$COORD" dequeue "$q" --follow --ttl 5s --grace 500ms -- sh -c 'echo "$COORD_ITEM"; [ "$COORD_ITEM" != a ] || while [ ! -e "$1" ]; do sleep 0.05; done' - \
    "$BATS_TEST_TMPDIR/go"
  wait_until 10 says one a
  etcd_kill
  touch "$BATS_TEST_TMPDIR/go"
  wait_until 20 says one "could not be taken away"
  etcd_restart
  wait_until 30 says one b
  wait_until 40 is_twice a one
  wait_until 10 is_all_gone_but_leases
}
is_twice() { (($(grep -c "^$1\$" "$BATS_TEST_TMPDIR/$2.out") >= 2)); }
is_all_gone_but_leases() { [[ -z $(items "$q") ]] && ! is_claimed "$q"; }
