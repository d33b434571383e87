#!/usr/bin/env bats
# -w table and -w protobuf. What etcdctl prints as well is compared in tests/golden.

load ../lib/etcd
load ../lib/same

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

@test "table: a list is a box" {
  printf '%s\n' one 你好 | "$COORD" enqueue jobs -
  run -0 "$COORD" queue length jobs -w table
  assert_output "+------+--------+---------+
| NAME | LENGTH | CLAIMED |
+------+--------+---------+
| jobs |      2 |       0 |
+------+--------+---------+"
  run -0 "$COORD" queue list jobs -w table
  [[ ${#lines[@]} == 6 && ${lines[4]} == *'| 你好  |'* ]]
  run -0 env COORD_WRITE_OUT=table NO_COLOR= CLICOLOR_FORCE=1 "$COORD" queue length jobs
  [[ $output != *$'\e'* ]]
}

@test "table: who holds which lock" {
  run -0 "$COORD" lock a -- "$COORD" lock b -- "$COORD" who -w table
  [[ ${#lines[@]} == 6 && ${lines[1]} == '| NAME '*' HOST '*' WAITERS |' ]]
  [[ ${lines[3]} == '| a '* && ${lines[4]} == '| b '* ]]
  run -1 "$COORD" who -w table
  assert_output ''
}

@test "table: a stream and a reply have none, and nothing is done" {
  refuses 64 "output format 'table' is not supported" put k v -w table
  refuses 64 "output format 'table' is not supported" observe x -w table
  refuses 64 "output format 'protobuf' is not supported" who -w protobuf
  refuses 64 "output format 'protobuf' is not supported" sem l -j 1 -w protobuf
  run -0 etcdctl get k
  assert_output ''
}

@test "protobuf: keys are without the namespace" {
  "$COORD" --namespace app/ put nk v
  "$COORD" --namespace app/ get nk -w protobuf >"$BATS_TEST_TMPDIR/ours"
  grep -q nk "$BATS_TEST_TMPDIR/ours"
  run -1 grep -q app/ "$BATS_TEST_TMPDIR/ours"
}
