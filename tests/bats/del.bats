#!/usr/bin/env bats
# coord del, against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() {
  etcdctl del '' --from-key >/dev/null
  local key
  for key in a a1 a2 b c; do etcdctl put "$key" "v-$key" >/dev/null; done
}

shape() { sed -E 's/([rR]evision|raft_term|RaftTerm)(" ?: ?)[0-9]+/\1\2N/g'; }

# same_deletion WORD...: coord answers as etcdctl does on the same keys, and leaves the same ones.
same_deletion() {
  etcdctl "$@" | shape >"$BATS_TEST_TMPDIR/etcdctl.out"
  etcdctl get '' --prefix >>"$BATS_TEST_TMPDIR/etcdctl.out"
  setup
  "$COORD" "$@" | shape >"$BATS_TEST_TMPDIR/coord.out"
  etcdctl get '' --prefix >>"$BATS_TEST_TMPDIR/coord.out"
  setup
  diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out"
}

@test "del: deletes and answers as etcdctl does, in every format" {
  local format
  for format in simple json fields; do
    same_deletion del a -w "$format"
    same_deletion del nosuch -w "$format"
    same_deletion del a --prefix -w "$format"
    same_deletion del a2 --from-key -w "$format"
    same_deletion del a1 c -w "$format"
    same_deletion del a --prev-kv -w "$format"
    same_deletion del a --prefix --prev-kv -w "$format"
    same_deletion del nosuch --prev-kv -w "$format"
    same_deletion del '' --prefix -w "$format"
  done
}

@test "del: takes --range, for etcdctl's sake" {
  run -0 --separate-stderr "$COORD" del a1 b --range
  [[ $output == 2 && -z $stderr ]]
}

@test "del: bad words end with 64 and delete nothing" {
  refuses 64 'KEY is missing' del
  refuses 64 "one word too many: 'c'" del a b c
  refuses 64 'exclude each other' del a --prefix --from-key
  refuses 64 'no RANGE_END beside --from-key' del a b --from-key
  refuses 64 "output format 'table' is not supported" del a -w table
  refuses 65 'key is not provided' del ''
  (($(keys_count '') == 5))
}
