#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord put, against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

# The answer without what differs from call to call.
shape() { sed -E 's/([rR]evision|raft_term|RaftTerm|[vV]ersion)(" ?: ?)[0-9]+/\1\2N/g'; }

# same_answer WORD...: coord answers as etcdctl does, revisions aside.
same_answer() {
  etcdctl "$@" | shape >"$BATS_TEST_TMPDIR/etcdctl.out"
  "$COORD" "$@" | shape >"$BATS_TEST_TMPDIR/coord.out"
  diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out"
}

@test "put: answers as etcdctl does, in every format" {
  local format
  for format in simple json fields; do
    same_answer put foo bar -w "$format"
    same_answer put foo bar --prev-kv -w "$format"
    same_answer put foo --ignore-value -w "$format"
    same_answer put --ignore-lease foo bar -w "$format"
  done
}

@test "put: stores the value as it is" {
  local value
  for value in '' ' ' '[a,b]' '{}' 'a,b' put '-' $'two\nlines' $'\xff\x01é'; do
    run -0 --separate-stderr "$COORD" put k "$value"
    [[ $output == OK ]]
    [[ $(value_of k && echo x) == "$value"$'\nx' ]]
  done
}

@test "put: behind -- a key and a value may begin with a dash" {
  run -0 --separate-stderr "$COORD" put -- -k --prev-kv
  [[ $(value_of -k) == --prev-kv ]]
}

@test "put: without VALUE it takes all of stdin, the last newline too" {
  printf 'one\ntwo\n' | "$COORD" put stdin
  [[ $(value_of stdin && echo x) == $'one\ntwo\n\nx' ]]
  head -c 100000 /dev/zero | tr '\0' z | "$COORD" put stdin
  (($(value_of stdin | wc -c) == 100001))
  printf 'a\0b' | "$COORD" put stdin
  [[ $(value_of stdin | od -An -c | tr -d ' ') == 'a\0b\n' ]]
}

@test "put: reading from a terminal it says so" {
  run -0 script -qec "\"$COORD\" put tty" /dev/null <<<'typed'
  [[ ${lines[*]} == *'reading the value from the terminal'* ]]
  [[ $(value_of tty) == typed ]]
}

@test "put: an empty stdin is no value" {
  refuses 64 'no VALUE, and nothing on stdin' put k2
  run -0 --separate-stderr "$COORD" get k2
  [[ -z $output ]]
}

@test "put: ties the key to a lease, and refuses one that is not there" {
  local lease
  lease=$(etcdctl lease grant 600 | cut -d ' ' -f 2)
  run -0 --separate-stderr "$COORD" put leased v --lease "$lease"
  [[ $(etcdctl lease timetolive "$lease" --keys) == *'([leased])' ]]
  refuses 1 "put 'k': etcdserver: requested lease not found" put k v --lease 1234
  refuses 64 "'zz' is not a lease id" put k v --lease zz
  run -0 --separate-stderr "$COORD" put k v --lease=0
}

@test "put: --ignore-value and --ignore-lease keep what is there" {
  local lease
  lease=$(etcdctl lease grant 600 | cut -d ' ' -f 2)
  etcdctl put kept v --lease "$lease"
  "$COORD" put kept new --ignore-lease
  [[ $("$COORD" get kept -w json | jq '.kvs[0].lease') != null && $(value_of kept) == new ]]
  "$COORD" put kept --ignore-value
  [[ $("$COORD" get kept -w json | jq '.kvs[0].lease') == null && $(value_of kept) == new ]]
  refuses 1 'key not found' put nosuch --ignore-value
  refuses 64 'no VALUE beside --ignore-value' put kept v --ignore-value
}

@test "put: bad words end with 64" {
  refuses 64 'KEY is missing' put
  refuses 64 "one word too many: 'c'" put a b c
  refuses 64 "unknown option '-5'" put k -5
  refuses 64 "output format 'table' is not supported" put k v -w table
  refuses 65 'key is not provided' put '' v
}

@test "put: a value that is too large is refused" {
  head -c 1800000 /dev/zero | tr '\0' z >"$BATS_TEST_TMPDIR/large"
  run -65 --separate-stderr "$COORD" put large <"$BATS_TEST_TMPDIR/large"
  [[ $stderr == *'request is too large'* ]]
}

@test "put: --namespace puts the key under a prefix" {
  "$COORD" --namespace team/ put key v
  [[ $(value_of team/key) == v ]]
  run -0 --separate-stderr env COORD_NAMESPACE=team/ "$COORD" get '' --prefix --keys-only
  [[ ${lines[0]} == key ]]
}
