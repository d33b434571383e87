#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr
# coord check and downgrade, on real etcd.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

is_writing() { (($(keys_count /etcdctl-check-perf/) > 0)); }

@test "check perf: a verdict in etcdctl's words, and nothing is left behind" {
  run --separate-stderr "$COORD" check perf --duration 2s --auto-compact --auto-defrag
  ((status == 0 || status == 1))
  assert_line --index 0 --regexp '^(PASS: Throughput is|FAIL: Throughput too low:) [0-9]+ writes/s$'
  assert_line --index 1 --regexp '^(PASS: Slowest request took|Slowest request took too long:) [0-9]+\.[0-9]{6}s$'
  assert_line --index 2 --regexp '^(PASS: Stddev is|Stddev too high:) [0-9]+\.[0-9]{6}s$'
  ((${#lines[@]} == 4))
  [[ ${lines[3]} == PASS && $status == 0 || ${lines[3]} == FAIL && $status == 1 ]]
  (($(keys_count /etcdctl-check-perf/) == 0))
}

@test "check perf: TERM in the middle still cleans up" {
  "$COORD" check perf >/dev/null 2>&1 3>&- &
  local checker=$!
  wait_until 20 is_writing
  kill -s TERM "$checker"
  wait "$checker" || [[ $? == 143 ]]
  (($(keys_count /etcdctl-check-perf/) == 0))
}

@test "check: keys that are there are nobody's to delete" {
  etcdctl put /etcdctl-check-perf/mine v
  refuses 65 "there are keys under '/etcdctl-check-perf/'" check perf --duration 1s
  [[ $(etcdctl get /etcdctl-check-perf/mine --print-value-only) == v ]]
  etcdctl del /etcdctl-check-perf/mine
  refuses 64 'all that is under it is deleted' check perf --prefix ''
  refuses 64 "'q' is none of s, m, l, xl" check perf --load q
  refuses 64 "'q' is none of s, m, l, xl" check datascale --load q
}

@test "check datascale: says what memory it took" {
  run -0 --separate-stderr "$COORD" check datascale
  assert_line --index 0 'Start data scale check for work load [10000 key-value pairs, 1024 bytes per key-value, 50 concurrent clients].'
  assert_line --index 1 --regexp '^PASS: Approximate system memory used : -?[0-9.]+ MB\.$'
  (($(keys_count /etcdctl-check-datascale/) == 0))
}

@test "downgrade: an older server does not know it, a newer one refuses what makes no sense" {
  refuses 65 'downgrade validate: ' downgrade validate 3.3
  ! is_etcd_34 || [[ $stderr == *'this server is too old for it' ]]
  refuses 65 'downgrade cancel: ' downgrade cancel
  refuses 64 'VERSION is missing' downgrade enable
}

@test "downgrade: what may be gone back to" {
  ! is_etcd_34 || skip "etcd 3.4 knows no downgrade"
  local now target
  now=$(etcd --version | sed -n 's/^etcd Version: 3\.\([0-9]*\)\..*/\1/p')
  target=3.$((now - 1))
  wait_until 20 "$COORD" downgrade validate "$target" # the cluster has agreed on its own version
  run -0 "$COORD" downgrade validate "$target"
  assert_output --regexp "^Downgrade validate success, cluster version 3\.$now(\.0)?$"
  run -0 "$COORD" downgrade validate "$target" -w json
  [[ $(jq -r .version <<<"$output") == "3.$now"* ]]
  "$COORD" downgrade validate "$target" -w protobuf | grep -q "3.$now"
  refuses 65 'downgrade validate: ' downgrade validate "3.$((now - 2))"
}

# A server of 3.5 does what is asked, and never says so: its own limit for that runs out (etcdctl has no such command there).
@test "downgrade: what was enabled is in progress until it is cancelled" {
  [[ $(etcd --version) == *'etcd Version: 3.5.'* ]] || skip "needs etcd 3.5: others answer otherwise, or not at all"
  wait_until 20 "$COORD" downgrade validate 3.4.0
  run -69 --separate-stderr "$COORD" downgrade enable 3.4.0 --command-timeout 60s
  [[ $stderr == *'downgrade enable: '*'etcdserver: request timed out'* && $stderr == *'the reply was lost'* ]]
  refuses 65 'etcdserver: cluster has a downgrade job in progress' downgrade enable 3.4.0
  run -69 "$COORD" downgrade cancel --command-timeout 60s
  wait_until 20 "$COORD" downgrade validate 3.4.0
  refuses 65 'etcdserver: no inflight downgrade' downgrade cancel
}
