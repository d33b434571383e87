#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr
# coord alarm and compaction on a server that runs full: against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start --quota-backend-bytes 2000000; }
teardown_file() { etcd_teardown; }

full() { ! head -c 100000 /dev/zero | etcdctl put "filler"; }

@test "compaction: what is older is gone, and the answer is etcdctl's in every format" {
  local revision format
  for format in simple json fields; do
    revision=$(etcdctl put k v -w json | jq .header.revision)
    run -0 --separate-stderr "$COORD" compaction "$revision" -w "$format"
    assert_output "compacted revision $revision"
  done
  run -0 "$COORD" compaction --physical "$(etcdctl put k v -w json | jq .header.revision)"
  refuses 65 "get 'k': etcdserver: mvcc: required revision has been compacted" get k --rev 1
  refuses 65 'compaction 1: etcdserver: mvcc: required revision has been compacted' compaction 1
  refuses 65 'compaction 99999: etcdserver: mvcc: required revision is a future revision' compaction 99999
}

@test "alarm: none is nothing to show" {
  local format
  for format in simple json; do
    same_as_etcdctl alarm list -w "$format"
    same_as_etcdctl alarm disarm -w "$format"
  done
}

@test "alarm: a full server raises one, endpoint health tells of it, disarm takes it away" {
  wait_until 60 full
  same_as_etcdctl alarm list
  run -0 "$COORD" alarm list
  assert_output --regexp '^memberID:[0-9]+ alarm:NOSPACE $'
  same_as_etcdctl alarm list -w json
  run -0 "$COORD" alarm list -w fields
  assert_line --regexp '^"MemberID" : [0-9]+$'
  assert_line '"AlarmType" : NOSPACE'
  run -69 --separate-stderr "$COORD" endpoint health
  [[ $stderr == "coord: endpoint health: $ETCD_ENDPOINT is unhealthy: Active Alarm(s): NOSPACE"* ]]
  "$COORD" compaction "$("$COORD" endpoint status --json | jq '.[0].Status.header.revision')"
  "$COORD" defrag
  run -0 "$COORD" alarm disarm
  assert_output --regexp '^memberID:[0-9]+ alarm:NOSPACE $'
  run -0 "$COORD" alarm list
  refute_output
  "$COORD" endpoint health
  "$COORD" put k v
}

@test "alarm, compaction: bad words end with 64, before etcd is asked" {
  export COORD_ENDPOINTS=127.0.0.1:1
  refuses 64 'alarm: which command?' alarm
  refuses 64 "one word too many: 'x'" alarm list x
  refuses 64 'REVISION is missing' compaction
  refuses 64 "'abc' is not a revision" compaction abc
}

@test "alarm, compaction: a server that is not there is told" {
  refuses 69 'cannot reach etcd at 127.0.0.1:1' --endpoints 127.0.0.1:1 alarm list
  refuses 69 'compaction 1: cannot reach etcd at 127.0.0.1:1' --endpoints 127.0.0.1:1 compaction 1
}
