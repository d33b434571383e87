#!/usr/bin/env bats
# coord snapshot save, status, restore: against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() {
  etcd_start
  local i
  for i in {1..40}; do etcdctl put "k$((i % 7))" "$(head -c 3000 /dev/urandom | base64)" >/dev/null; done
  etcdctl lease grant 600 >/dev/null
}
teardown_file() { etcd_teardown; }

setup() { mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return; }

@test "snapshot save: a file that etcdctl takes, with nothing beside it" {
  run -0 --separate-stderr "$COORD" snapshot save backup.db
  assert_output 'Snapshot saved at backup.db'
  [[ $(ls) == backup.db && $(stat -c %a backup.db) == 600 ]]
  local format
  for format in simple json fields table; do same_as_etcdctl snapshot status backup.db -w "$format"; done
  etcdctl snapshot restore backup.db --data-dir restored
  etcdctl snapshot save theirs.db
  diff <("$COORD" snapshot status backup.db) <("$COORD" snapshot status theirs.db)
}

@test "snapshot save: what was there is replaced, what a killed one left is overwritten" {
  echo old >backup.db
  head -c 9999999 /dev/zero >backup.db.part
  "$COORD" snapshot save backup.db
  "$COORD" snapshot status backup.db
  [[ ! -e backup.db.part ]]
}

@test "snapshot save: a folder that is not there, a file that another one writes" {
  refuses 74 "save 'none/backup.db': cannot write 'none/backup.db.part': No such file" snapshot save none/backup.db
  exec {lock}>busy.db.part
  flock "$lock"
  refuses 1 "another process is writing 'busy.db.part'" snapshot save busy.db
  [[ -e busy.db.part && ! -e busy.db ]]
}

@test "snapshot save: a disk that is full leaves the old file as it was" {
  echo old >full.db
  ln -s /dev/full full.db.part
  refuses 74 "cannot" snapshot save full.db
  [[ $(<full.db) == old ]]
}

@test "snapshot save: etcd that freezes is left when the user says so, and nothing stays" {
  etcd_freeze
  "$COORD" snapshot save frozen.db >out 2>&1 3>&- &
  local saver=$!
  wait_until 10 test -e frozen.db.part
  kill -s INT "$saver" || true
  kill -s TERM "$saver"
  wait "$saver" || [[ $? == 143 || $? == 130 ]]
  etcd_thaw
  [[ ! -e frozen.db && ! -e frozen.db.part ]]
}

@test "snapshot save: one member only, and one that is there" {
  refuses 64 'several endpoints are given' --endpoints 127.0.0.1:1,127.0.0.1:2 snapshot save x.db
  refuses 69 "save 'x.db': cannot reach etcd" --endpoints 127.0.0.1:1 snapshot save x.db
  [[ -z $(ls) ]]
}

@test "snapshot status: no file, another file, a damaged file" {
  refuses 71 "cannot open 'none.db'" snapshot status none.db
  head -c 100000 /dev/urandom >noise.db
  refuses 65 "'noise.db' is no database of etcd" snapshot status noise.db
  : >empty.db
  refuses 65 "'empty.db' is no database of etcd" snapshot status empty.db
  "$COORD" snapshot save backup.db
  printf '\xff\x01\xfe' | dd of=backup.db bs=1 seek=20000 conv=notrunc status=none
  refuses 65 'its SHA-256 does not match' snapshot status backup.db
}

# Without the hash behind it nothing but the reader itself notices.
@test "snapshot status: damage anywhere is no crash and no endless walk" {
  local size at status
  "$COORD" snapshot save backup.db
  size=$(($(stat -c %s backup.db) - 32))
  for ((at = 0; at < size; at += 1 + size / 40)); do
    head -c "$size" backup.db >damaged.db
    printf '\xff\x07\x01' | dd of=damaged.db bs=1 seek="$((at & ~15 | (RANDOM & 15)))" conv=notrunc status=none
    status=0
    timeout 10 "$COORD" snapshot status damaged.db >/dev/null 2>&1 || status=$?
    ((status == 0 || status == 65)) || fail "byte $at: $status"
    head -c "$at" backup.db >damaged.db
    status=0
    timeout 10 "$COORD" snapshot status damaged.db >/dev/null 2>&1 || status=$?
    ((status == 65)) || fail "cut off at $at: $status"
  done
}

@test "snapshot restore: is etcdutl's, whatever options it is given" {
  refuses 64 'etcdutl does' snapshot restore backup.db --data-dir new --name m1 --skip-hash-check
}
