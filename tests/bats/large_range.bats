#!/usr/bin/env bats
# A range that is far larger than what coord may keep of it: read in pages at one revision, printed as they come.

load ../lib/etcd

readonly KEYS=200000
readonly LIMIT_KB=$((64 * 1024)) # the values alone are 40 MB, and etcdctl takes 250 MB for them

setup_file() {
  etcd_start
  seq -f '%0200.0f' "$KEYS" | "$COORD" enqueue big -
}
teardown_file() { etcd_teardown; }

# peak WORD...: what coord WORD... prints goes to stdin of the rest of the pipe, its peak of memory in kB to a file.
peak() {
  python3 -c 'import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)' "$BATS_TEST_TMPDIR/peak" "$COORD" "$@"
}

within_limit() {
  local used
  used=$(<"$BATS_TEST_TMPDIR/peak")
  ((used < LIMIT_KB)) || fail "took $used kB"
}

@test "large range: every key is printed, from little memory" {
  run -0 bash -c "$(declare -f peak); peak get big/ --prefix --print-value-only | LC_ALL=C sort | uniq | wc -l"
  [[ $output == "$KEYS" ]]
  within_limit
}

@test "large range: json, fields and protobuf are no larger" {
  peak get big/ --prefix -w json | jq '.kvs | length' >"$BATS_TEST_TMPDIR/count"
  [[ $(<"$BATS_TEST_TMPDIR/count") == "$KEYS" ]]
  within_limit
  peak get big/ --prefix -w fields | grep -c '^"Key"' >"$BATS_TEST_TMPDIR/count"
  [[ $(<"$BATS_TEST_TMPDIR/count") == "$KEYS" ]]
  within_limit
  peak get big/ --prefix -w protobuf | cmp - <(etcdctl get big/ --prefix -w protobuf)
  within_limit
}

@test "large range: it is one state of the store, however much is written meanwhile" {
  local last
  last=$(etcdctl get big/ --prefix --keys-only --order=DESCEND --sort-by=KEY --limit=1 | head -n 1)
  mkfifo "$BATS_TEST_TMPDIR/pipe"
  "$COORD" get big/ --prefix >"$BATS_TEST_TMPDIR/pipe" &
  local reader=$!
  exec {read_end}<"$BATS_TEST_TMPDIR/pipe"
  head -n 1 <&"$read_end" >/dev/null # it has begun, and waits for us
  etcdctl del -- "$last" >/dev/null
  etcdctl put "${last}x" late >/dev/null
  cat <&"$read_end" >"$BATS_TEST_TMPDIR/rest"
  exec {read_end}<&-
  wait "$reader"
  grep -qxF -- "$last" "$BATS_TEST_TMPDIR/rest"
  run -1 grep -xF -- "${last}x" "$BATS_TEST_TMPDIR/rest"
}
