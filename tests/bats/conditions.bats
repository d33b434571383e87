#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; Bats sets stderr and stderr_lines
# put, del and txn that are done only under a condition; del of many keys; put --file; get --tree.

load ../lib/primitive
load ../lib/same.bash

mod_of() { "$COORD" get "$1" -w json | jq '.kvs[0].mod_revision'; }

@test "put --if-absent: the first one writes, the second exits with 1" {
  run -0 --separate-stderr "$COORD" put k one --if-absent
  assert_equal "$output" OK
  refuses 1 "put 'k': it exists: it is at revision $(mod_of k); nothing was written" put k two --if-absent
  assert_equal "$(value_of k)" one
}

@test "put --if-absent: of ten at once one succeeds" {
  local i pids=() won=0
  for i in {1..10}; do
    "$COORD" put race "$i" --if-absent >/dev/null 2>&1 3>&- &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do ! wait "$i" || ((won += 1)); done
  assert_equal "$won" 1
}

@test "put and del --if-revision" {
  "$COORD" put k one
  local revision
  revision=$(mod_of k)
  run -0 "$COORD" put k two --if-revision "$revision" --prev-kv
  assert_equal "${lines[*]}" 'OK k one'
  refuses 1 "put 'k': it is at revision $(mod_of k), not $revision" put k three --if-revision "$revision"
  refuses 1 "del 'k': it is at revision $(mod_of k), not $revision" del k --if-revision "$revision"
  refuses 1 "put 'none': there is no such key" put none x --if-revision "$revision"
  run -0 "$COORD" del k --if-revision "$(mod_of k)"
  assert_equal "$output" 1
  refuses 1 "del 'k': there is no such key" del k --if-revision "$revision"
}

@test "put and del --if-value, the empty one and odd ones too" {
  "$COORD" put k $'a b\n'
  refuses 1 "put 'k': it has another value" put k x --if-value 'a b'
  "$COORD" put k '' --if-value $'a b\n'
  refuses 1 "del 'k': it has another value" del k --if-value x
  run -0 "$COORD" del k --if-value ''
  assert_equal "$output" 1
  refuses 1 "put 'k': there is no such key" put k x --if-value ''
}

@test "--if-held: writes while the lock is held, and not once it has gone" {
  run -0 "$COORD" lock db -- sh -c '"$COORD" put k held --if-held && "$COORD" del k --if-held'
  assert_equal "${lines[*]}" 'OK 1'
  local key=db/1234 stale
  etcdctl put "$key" '' >/dev/null
  stale=$(mod_of "$key")
  export COORD_LOCK_KEY=$key COORD_LOCK_REV=$stale
  run -0 "$COORD" put k one --if-held
  etcdctl put "$key" 'touched' >/dev/null
  run -0 "$COORD" put k two --if-held
  etcdctl del "$key" >/dev/null
  refuses 1 "put 'k': the lock is no longer held: its key '$key' is gone; nothing was written" put k three --if-held
  etcdctl put "$key" 'somebody else' >/dev/null
  refuses 1 "put 'k': the lock is no longer held" put k three --if-held
  refuses 1 "del 'k': the lock is no longer held" del k --if-held
  refuses 1 "del keys with prefix 'k': the lock is no longer held" del k --prefix --if-held
  run -1 --separate-stderr "$COORD" txn --if-held <<<$'\nput k three\n\n\n'
  assert_equal "${stderr_lines[0]}" \
    "coord: txn: the lock is no longer held: its key '$key' is gone; nothing was written"
  assert_equal "$output" ''
  assert_equal "$(value_of k)" two
}

@test "--if-held: in an election, with several locks, and together with another condition" {
  run -0 "$COORD" elect web me -- sh -c '"$COORD" put k led --if-held'
  run -0 "$COORD" lock a b -- sh -c '"$COORD" put k both --if-held'
  etcdctl put a/1 '' >/dev/null
  local revision
  revision=$(mod_of a/1)
  COORD_LOCK_KEY=a/1 COORD_LOCK_REV=$revision run -0 "$COORD" put k one --if-held
  COORD_LOCK_KEY=a/1 COORD_LOCK_REV=$revision COORD_LOCK_2_KEY=b/1 COORD_LOCK_2_REV=$revision \
    refuses 1 "the lock is no longer held: its key 'b/1' is gone" put k two --if-held
  assert_equal "$(value_of k)" one
  run -0 "$COORD" lock db -- sh -c '"$COORD" put k x --if-absent --if-held; echo status=$?'
  [[ $output == *"it exists"*status=1* ]]
}

@test "txn --if-held: the text's own branches work as without" {
  "$COORD" put k 1
  run -0 "$COORD" lock db -- sh -c 'printf "value(\"k\") = \"1\"\n\nput k 2\n\nget k\n\n" | "$COORD" txn --if-held'
  assert_equal "${lines[0]}" SUCCESS
  run -0 "$COORD" lock db -- sh -c 'printf "value(\"k\") = \"1\"\n\nput k 2\n\nget k\n\n" | "$COORD" txn --if-held'
  assert_equal "${lines[*]}" 'FAILURE k 2'
  run -65 --separate-stderr "$COORD" lock db -- sh -c 'printf "\nput k 2\n\ndel k\n\n" | "$COORD" txn --if-held'
  [[ $stderr == *'--if-held: the failure requests write'* ]]
}

@test "conditions that make no sense end with 64" {
  refuses 64 '--if-held: COORD_LOCK_KEY and COORD_LOCK_REV are not set' put k v --if-held
  COORD_LOCK_KEY=k COORD_LOCK_REV=x refuses 64 'COORD_LOCK_REV=x is no revision' put k v --if-held
  refuses 64 '--if-absent excludes --if-revision and --if-value' put k v --if-absent --if-revision 3
  refuses 64 '--if-revision 0 is no revision' put k v --if-revision 0
  refuses 64 '--if-revision and --if-value go with one KEY only' del k --prefix --if-value 3
}

@test "put --file: the value is the whole file, byte for byte" {
  printf 'a\0\xff\n\n' >"$BATS_TEST_TMPDIR/value"
  "$COORD" put k --file "$BATS_TEST_TMPDIR/value"
  assert_equal "$("$COORD" get k -w json | jq -r '.kvs[0].value')" "$(base64 <"$BATS_TEST_TMPDIR/value")"
  printf x | "$COORD" put k --file -
  assert_equal "$(value_of k)" x
  "$COORD" put k --file /dev/null
  assert_equal "$(value_of k)" ''
  refuses 65 "cannot read '/nowhere': No such file" put k --file /nowhere
  refuses 64 'no VALUE beside --file' put k v --file /dev/null
}

@test "put --file: what cannot be read is no empty value; a pipe is read to its end" {
  "$COORD" put k old
  refuses 65 "cannot read '/tmp': Is a directory" put k --file /tmp
  assert_equal "$(value_of k)" old
  "$COORD" put k --file <(printf piped)
  assert_equal "$(value_of k)" piped
  printf input | "$COORD" put k --file /dev/stdin
  assert_equal "$(value_of k)" input
}

@test "del: a person is asked before many keys go, a script is not" {
  seq 101 | "$COORD" enqueue many - >/dev/null
  terminal_open
  type_line "$COORD del many/ --prefix; echo status=\$?"
  wait_until 20 screen_shows 'Delete 101 keys? \[y/N\]'
  press Enter
  wait_until 20 screen_shows '^status=1'
  assert_equal "$(keys_count many/)" 101
  type_line "clear; $COORD del many/ --prefix --yes; echo status=\$?"
  wait_until 20 screen_shows '^status=0'
  seq 101 | "$COORD" enqueue many - >/dev/null
  type_line "clear; $COORD del many/ --prefix; echo status=\$?"
  wait_until 20 screen_shows 'Delete 101 keys? \[y/N\]'
  type_line y
  wait_until 20 screen_shows '^101'
  seq 101 | "$COORD" enqueue many - >/dev/null
  run -0 "$COORD" del many/ --prefix </dev/null
  assert_equal "$output" 101
}

@test "get --tree: a level for each slash" {
  "$COORD" put /app/db/host db1
  "$COORD" put /app/db/port 5432
  "$COORD" put /app/motd $'hello\nworld\n'
  "$COORD" put /app/dir/ itself
  "$COORD" put /web/ü $'\x1b'
  run -0 "$COORD" get / --prefix --tree
  assert_equal "$output" '/
  app/
    db/
      host = db1
      port = 5432
    dir/
      (this key itself) = itself
    motd = hello…
  web/
    ü = \x1b'
  run -0 "$COORD" get /app/db --prefix --tree --keys-only
  assert_equal "${lines[*]}" '/   app/     db/       host       port'
  refuses 64 '--tree goes with -w simple only' get / --prefix --tree -w json
  refuses 64 '--tree excludes --count-only' get / --prefix --tree --count-only
  refuses 64 '--tree is in key order' get / --prefix --tree --order DESCEND
  refuses 1 'no such key' get /none --prefix --tree --must-exist
}
