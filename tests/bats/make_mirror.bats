#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr
# coord make-mirror, from one real etcd to another.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() {
  etcd_start_as there
  export THERE=$ETCD_ENDPOINT
  etcd_start_as here
}
teardown_file() { etcd_teardown; }

setup() { P=t$BATS_TEST_NUMBER/; }

teardown() {
  local file
  etcd_thaw here
  etcd_thaw there
  for file in "$BATS_TEST_TMPDIR"/*.pid; do
    [[ ! -f $file ]] || end_process "$(<"$file")" KILL
  done
}

there() { ETCDCTL_ENDPOINTS=$THERE etcdctl "$@"; }
there_is() { [[ $(there get "$1" --print-value-only) == "$2" ]]; } # there_is KEY VALUE
there_is_not() { [[ -z $(there get "$1") ]]; }
mirror() { # mirror WORD...: in the background
  "$COORD" make-mirror "$@" "$THERE" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
  echo "$!" >"$BATS_TEST_TMPDIR/mirror.pid"
}
mirror_pid() { cat "$BATS_TEST_TMPDIR/mirror.pid"; }
put_many() { # put_many N: k N to k N+99
  local i
  {
    echo
    for ((i = $1; i < $1 + 100; i++)); do echo "put ${P}k$i v$i"; done
    echo
    echo
  } | etcdctl txn >/dev/null
}
has_said() { grep -qF -- "$1" "$BATS_TEST_TMPDIR/err"; }

@test "make-mirror: copies what is there, then every change; a signal ends it" {
  put_many 1
  put_many 101
  put_many 201
  etcdctl put "${P}odd key" $'two\nlines' >/dev/null
  etcdctl put "other/$P" v >/dev/null
  mirror --prefix "$P"
  wait_until 20 there_is "${P}k300" v300
  wait_until 20 there_is "${P}odd key" $'two\nlines'
  (($(there get --prefix --keys-only -w json "$P" | jq .count) == 301))
  etcdctl put "${P}k1" new >/dev/null
  etcdctl del "${P}k2" >/dev/null
  wait_until 10 there_is_not "${P}k2"
  there_is "${P}k1" new
  there_is_not "other/$P"
  kill -s TERM "$(mirror_pid)"
  wait "$(mirror_pid)" || [[ $? == 143 ]]
}

@test "make-mirror: what changes in one transaction here does so there" {
  mirror --prefix "$P" --dest-prefix "copy/$P"
  printf '\nput %sa 1\nput %sb 1\n\n\n' "$P" "$P" | etcdctl txn >/dev/null
  wait_until 10 there_is "copy/${P}b" 1
  [[ $(there get --prefix "copy/$P" -w json | jq '[.kvs[].mod_revision] | unique | length') == 1 ]]
}

@test "make-mirror: --no-dest-prefix takes the prefix off; a key that is only that is left out" {
  etcdctl put "$P" nameless >/dev/null
  etcdctl put "${P}bare$BATS_TEST_NUMBER" v >/dev/null
  mirror --prefix "$P" --no-dest-prefix
  wait_until 10 there_is "bare$BATS_TEST_NUMBER" v
  has_said 'left out: a key that would be empty'
}

@test "make-mirror: --rev mirrors only what has happened since, under its own name" {
  local revision
  etcdctl put "${P}before" v >/dev/null
  revision=$(etcdctl put "${P}since" v -w json | jq .header.revision)
  etcdctl put "${P}after" v >/dev/null
  mirror --prefix "$P" --rev "$revision" --max-txn-ops 1
  wait_until 10 there_is "${P}after" v
  there_is "${P}since" v
  there_is_not "${P}before"
  etcdctl compaction "$revision" >/dev/null
  refuses 65 'have been compacted' make-mirror --rev 1 "$THERE"
}

@test "make-mirror: a destination that is away is waited for, and nothing is left out" {
  etcdctl put "${P}a" 1 >/dev/null
  mirror --prefix "$P"
  wait_until 10 there_is "${P}a" 1
  etcd_stop there
  etcdctl put "${P}a" 2 >/dev/null
  etcdctl put "${P}b" 2 >/dev/null
  wait_until 20 has_said 'destination: '
  etcd_restart there
  wait_until 20 there_is "${P}b" 2
  there_is "${P}a" 2
  wait_until 10 has_said 'destination: it is there again'
}

@test "make-mirror: a source that restarts, with its past compacted, is caught up with, removals too" {
  etcdctl put "${P}gone" 1 >/dev/null
  etcdctl put "${P}kept" 1 >/dev/null
  mirror --prefix "$P"
  wait_until 10 there_is "${P}kept" 1
  kill -s STOP "$(mirror_pid)"
  etcdctl del "${P}gone" >/dev/null
  etcdctl compaction "$(etcdctl put "${P}new" 1 -w json | jq .header.revision)" >/dev/null
  etcd_restart here
  kill -s CONT "$(mirror_pid)"
  wait_until 30 there_is "${P}new" 1
  wait_until 30 there_is_not "${P}gone"
  there_is "${P}kept" 1
}

@test "make-mirror: says every 30 s how much that was" {
  etcdctl put "${P}a" 1 >/dev/null
  mirror --prefix "$P"
  wait_until 60 grep -x '1' "$BATS_TEST_TMPDIR/out"
}

@test "make-mirror: bad words, and clusters that are not there" {
  refuses 64 'DEST is missing' make-mirror
  refuses 64 'contradict each other' make-mirror --dest-prefix a --no-dest-prefix "$THERE"
  refuses 64 'at least 1' make-mirror --max-txn-ops 0 "$THERE"
  refuses 64 "'x' is not an endpoint" make-mirror x
  refuses 69 'make-mirror: destination: cannot reach etcd at 127.0.0.1:1' make-mirror 127.0.0.1:1
  refuses 69 'make-mirror: ' --endpoints 127.0.0.1:1 make-mirror "$THERE"
}
