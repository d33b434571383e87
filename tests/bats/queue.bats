# `coord enqueue`, `dequeue` without CMD, and `queue`: order, batches, waiting, odd items, exit statuses, etcd gone meanwhile.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/primitive

setup() { q=queue-$BATS_TEST_NUMBER; }

# --- helpers ---

length() { "$COORD" queue length "$1"; }
has_length() { (($(length "$1") == $2)); }
lines_of() { wc -l <"$BATS_TEST_TMPDIR/$1.out"; }
has_lines() { (($(lines_of "$1") == $2)); }

@test "items come out in the order in which they went in" {
  "$COORD" enqueue "$q" one two 'three  3'
  "$COORD" enqueue "$q" four
  run -0 "$COORD" dequeue "$q"
  assert_output one
  run -0 "$COORD" dequeue "$q" --count 10
  assert_output $'two\nthree  3\nfour'
}

@test "nothing is left of a queue that was emptied" {
  seq 300 | "$COORD" enqueue "$q" -
  run -0 "$COORD" dequeue "$q" --count 300
  run -0 keys_count ''
  assert_output 0
  run -0 leases_count
  assert_output 0
}

@test "a stream of lines goes in whole and comes out in order" {
  seq 5000 >"$BATS_TEST_TMPDIR/lines"
  "$COORD" enqueue "$q" - <"$BATS_TEST_TMPDIR/lines"
  run -0 length "$q"
  assert_output 5000
  "$COORD" dequeue "$q" --count 5000 >"$BATS_TEST_TMPDIR/back"
  cmp "$BATS_TEST_TMPDIR/lines" "$BATS_TEST_TMPDIR/back"
}

@test "lines are put as they come, not at the end of the stream" {
  mkfifo "$BATS_TEST_TMPDIR/pipe"
  exec 7<>"$BATS_TEST_TMPDIR/pipe"
  START_INPUT=$BATS_TEST_TMPDIR/pipe start producer "$COORD" enqueue "$q" -
  echo first >&7
  wait_until 10 has_length "$q" 1
  exec 7>&-
}

@test "an empty queue: exit 1 without waiting, 124 when the time is up, or what -E says" {
  run -1 --separate-stderr "$COORD" dequeue "$q" --nonblock
  assert_equal "$output" ""
  # shellcheck disable=SC2154 # set by run
  assert_equal "$stderr" "coord: queue '$q' is empty"
  run -124 "$COORD" dequeue "$q" --timeout 300ms
  assert_output "coord: queue '$q': timed out: it is empty"
  run -9 "$COORD" -q dequeue "$q" -n -E 9
  assert_output ""
  run -1 "$COORD" queue peek "$q"
  run -0 "$COORD" queue list "$q"
  assert_output ""
}

@test "a dequeue waits for an item, and says so" {
  start waiter "$COORD" dequeue "$q"
  wait_until 10 says waiter "waiting for an item of queue '$q': it is empty"
  "$COORD" enqueue "$q" hello
  assert_equal "$(end_of waiter 10)" "exit 0"
  assert_equal "$(out_of waiter)" hello
}

@test "TERM ends a dequeue that waits, and leaves nothing" {
  start waiter "$COORD" dequeue "$q"
  wait_until 10 says waiter waiting
  send TERM waiter
  assert_equal "$(end_of waiter)" "signal 15"
  run -0 keys_count ''
  assert_output 0
}

@test "two consumers that wait share what comes" {
  start one "$COORD" dequeue "$q"
  start two "$COORD" dequeue "$q"
  wait_until 10 says one waiting
  wait_until 10 says two waiting
  "$COORD" enqueue "$q" a b
  assert_equal "$(end_of one 15)" "exit 0"
  assert_equal "$(end_of two 15)" "exit 0"
  run -0 sort "$BATS_TEST_TMPDIR/one.out" "$BATS_TEST_TMPDIR/two.out"
  assert_output $'a\nb'
}

@test "--follow prints each item as it comes, until it is ended" {
  start follower "$COORD" dequeue "$q" --follow
  "$COORD" enqueue "$q" a b
  wait_until 10 has_lines follower 2
  "$COORD" enqueue "$q" c
  wait_until 10 has_lines follower 3
  send TERM follower
  assert_equal "$(end_of follower)" "signal 15"
  assert_equal "$(out_of follower)" $'a\nb\nc'
}

@test "--follow --nonblock drains the queue" {
  "$COORD" enqueue "$q" a b c
  run -0 "$COORD" dequeue "$q" --follow --nonblock
  assert_output $'a\nb\nc'
  run -1 "$COORD" -q dequeue "$q" --follow --nonblock
}

@test "a queue does not take the items of queues whose names begin alike" {
  "$COORD" enqueue a-x theirs
  "$COORD" enqueue a/b nested
  run -1 "$COORD" dequeue a -n
  assert_line --partial "is no item of queue 'a'"
  "$COORD" enqueue a ours
  run -0 --separate-stderr "$COORD" dequeue a --count 9
  assert_output ours
  run -0 "$COORD" dequeue a-x
  assert_output theirs
}

@test "odd items: empty, newlines, NUL, bytes that are no text" {
  local dir=$BATS_TEST_TMPDIR
  printf 'a\n\0b\xff' >"$dir/odd"
  "$COORD" enqueue "$q" '' $'two\nlines' --value-file "$dir/odd"
  run -0 "$COORD" dequeue "$q"
  assert_output ""
  "$COORD" dequeue "$q" -0 >"$dir/out"
  printf 'two\nlines\0' | cmp - "$dir/out"
  "$COORD" dequeue "$q" -w json >"$dir/json"
  jq -r .value_b64 "$dir/json" | base64 -d | cmp - "$dir/odd"
}

@test "-0: items of a stream end with NUL, empty lines are items" {
  printf 'a\nb\0\0c' | "$COORD" enqueue "$q" -0 -
  "$COORD" dequeue "$q" -0 --count 9 >"$BATS_TEST_TMPDIR/out"
  printf 'a\nb\0\0c\0' | cmp - "$BATS_TEST_TMPDIR/out"
  printf '\n\nx' | "$COORD" enqueue "$q" -
  run -0 length "$q"
  assert_output 3
}

@test "odd names: spaces, a slash at the end, dots, other alphabets" {
  local name
  for name in 'two words' 'end/' '..' $'new\nline' 'größe' '/abs'; do
    "$COORD" enqueue "$name" "$name!"
    run -0 "$COORD" dequeue "$name" -n
    assert_output "$name!"
  done
}

@test "words that make no sense: exit 64" {
  run -64 "$COORD" enqueue ''
  run -64 "$COORD" enqueue '' x
  assert_line --partial "a queue's name is empty"
  run -64 "$COORD" enqueue "$q"
  run -64 "$COORD" enqueue __q x
  run -64 "$COORD" enqueue "$q" x --priority 65536
  run -64 "$COORD" enqueue "$q" x --priority high
  run -64 "$COORD" enqueue "$q" x -0
  run -64 "$COORD" dequeue "$q" --count 0
  run -64 "$COORD" dequeue "$q" -0 -- true
  run -64 "$COORD" dequeue "$q" --until-eof
  run -64 "$COORD" queue purge "$q" </dev/null
  run -65 "$COORD" enqueue "$q" --value-file /nonexistent
  run -65 "$COORD" enqueue "$q" --value-file /tmp
  assert_output --partial "cannot read '/tmp': Is a directory"
  run -0 length "$q"
  assert_output 0
}

@test "an item that etcd will not take: exit 65, and what was put before it stays" {
  head -c 2000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
  run -65 "$COORD" enqueue "$q" small --value-file "$BATS_TEST_TMPDIR/big"
  assert_line --partial "request is too large; the first item was put, no more"
  run -0 length "$q"
  assert_output 1
}

@test "large items: more than one request's worth in one command" {
  local i
  for i in 1 2 3 4; do head -c 700000 /dev/zero | tr '\0' "$i" >"$BATS_TEST_TMPDIR/$i"; done
  "$COORD" enqueue "$q" --value-file "$BATS_TEST_TMPDIR/1" --value-file "$BATS_TEST_TMPDIR/2" \
    --value-file "$BATS_TEST_TMPDIR/3" --value-file "$BATS_TEST_TMPDIR/4"
  "$COORD" dequeue "$q" --count 4 | tr -d '\n' >"$BATS_TEST_TMPDIR/out"
  cat "$BATS_TEST_TMPDIR"/[1-4] | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "an item that cannot be printed goes back" {
  "$COORD" enqueue "$q" precious
  run -74 bash -c '"$COORD" dequeue "$1" >/dev/full' - "$q"
  run -0 "$COORD" queue list "$q"
  assert_output --partial "1. 'precious'"
  refute_output --partial failed
  run -0 "$COORD" dequeue "$q"
  assert_output precious
}

@test "records: json tells key and revision" {
  run -0 "$COORD" enqueue "$q" a -w json
  local key
  key=$(jq -r .key <<<"$output")
  run -0 "$COORD" enqueue "$q" b --print-keys
  assert_output --partial "$q/"
  run -0 "$COORD" queue list "$q" -w json
  assert_equal "$(jq -r .value <<<"$output" | paste -sd ' ')" "a b"
  run -0 "$COORD" queue length "$q" -w json
  assert_output "{\"name\":\"$q\",\"length\":2,\"claimed\":0}"
  run -0 "$COORD" dequeue "$q" -w json
  assert_equal "$(jq -r '.key + " " + .value' <<<"$output")" "$key a"
}

@test "purge deletes what waits" {
  seq 200 | "$COORD" enqueue "$q" -
  "$COORD" enqueue "$q/nested" stays
  run -0 --separate-stderr "$COORD" queue purge --yes "$q"
  assert_output 200
  run -0 length "$q/nested"
  assert_output 1
}

# --- etcd goes away ---

@test "etcd is restarted while a dequeue waits" {
  start waiter "$COORD" dequeue "$q"
  wait_until 10 says waiter waiting
  etcd_kill
  etcd_restart
  "$COORD" enqueue "$q" hello
  assert_equal "$(end_of waiter 20)" "exit 0"
  assert_equal "$(out_of waiter)" hello
}

@test "etcd is killed while lines are put: each is there once, or was named as not put" {
  seq 60000 >"$BATS_TEST_TMPDIR/lines"
  START_INPUT=$BATS_TEST_TMPDIR/lines start producer "$COORD" enqueue "$q" -
  wait_until 15 enough_are_put
  etcd_kill
  etcd_spawn etcd
  etcd_ready etcd
  local end put
  end=$(end_of producer 90)
  "$COORD" queue list "$q" -w json --command-timeout 30s | jq -r .value >"$BATS_TEST_TMPDIR/back"
  put=$(wc -l <"$BATS_TEST_TMPDIR/back")
  head -n "$put" "$BATS_TEST_TMPDIR/lines" | cmp - "$BATS_TEST_TMPDIR/back"
  [[ $end == "exit 0" ]] || says producer "the first [0-9]* items were put"
  [[ $end != "exit 0" ]] || ((put == 60000))
}
enough_are_put() { (($(keys_count "$q/") > 500)); }

@test "etcd is away: exit 69 without waiting, 124 with --timeout" {
  local away=(--endpoints 127.0.0.1:1)
  run -69 "$COORD" "${away[@]}" enqueue "$q" x
  refute_output --partial "may have been"
  run -69 "$COORD" "${away[@]}" dequeue "$q" --nonblock
  run -124 "$COORD" "${away[@]}" dequeue "$q" --timeout 500ms
  run -69 "$COORD" "${away[@]}" queue length "$q"
}
