#!/usr/bin/env bats
# shellcheck disable=SC2016 # expanded by the shell that is the editor
#
# Three members, the one that leads dies or stands still, and what reads or writes many keys, or takes its time with one, is in the middle of it: all of
# it comes out as if nothing had happened.

load ../lib/primitive
load ../lib/cluster

readonly KEYS=30000 # several pages

setup_file() {
  etcd_cluster_start 3
  cd "$BATS_FILE_TMPDIR" || return
  seq -f '%0200.0f' "$KEYS" | "$COORD" enqueue big -
  "$COORD" get big/ --prefix >whole
  revision >full
  "$COORD" del big/ --prefix --yes
}
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  export COORD_COMMAND_TIMEOUT=60s # an election may take long on a busy machine
  wait_until 60 first_leads
  whole=$BATS_FILE_TMPDIR/whole
  full=$(<"$BATS_FILE_TMPDIR/full")
}
teardown() {
  end_all TERM "${pids[@]}"
  lock_clean
  etcd_restart m1
}

# over_failover FAIL STATUS WORD...: what coord WORD... prints goes to the file seen; it waits for its reader while FAIL is called for the
# member that leads, and serves it.
over_failover() {
  local status=0 first
  mkfifo pipe
  "$COORD" "${@:3}" >pipe 3>&- &
  pids+=("$!")
  exec 8<pipe
  IFS= read -r first <&8 # no more than what is in the pipe was printed, and that is not all
  "$1" m1
  { printf '%s\n' "$first" && cat <&8; } >seen
  exec 8<&-
  wait "${pids[-1]}" || status=$?
  assert_equal "$status" "$2"
}
is_back() { (($("$COORD" get big/ --prefix --count-only -w json | jq .count) >= $1)); } # is_back N: so many keys, at least

@test "get: every key, once, of one revision" {
  over_failover etcd_kill 0 get big/ --prefix --rev "$full"
  cmp seen "$whole"
}

@test "get: when the leader stands still, too" {
  over_failover etcd_freeze 0 get big/ --prefix --rev "$full"
  cmp seen "$whole"
}

@test "export: every key, once" {
  over_failover etcd_kill 0 export big/ --rev "$full"
  jq -r '.key, .value' seen | cmp - "$whole"
}

@test "diff: every key that differs, once" {
  over_failover etcd_kill 1 diff big/ --rev "$full"
  sed 's/^- //; s/^  -//' seen | cmp - "$whole"
}

@test "diff: when the leader stands still, too" {
  over_failover etcd_freeze 1 diff big/ --rev "$full"
  sed 's/^- //; s/^  -//' seen | cmp - "$whole"
}

@test "rollback: in many transactions, and none is left out or refused" {
  start back "$COORD" rollback --prefix big/ --rev "$full" --yes --max-txn-ops 8
  wait_until 60 is_back 1
  etcd_kill m1
  run ! has_ended back
  assert_equal "$(end_of back 120)" 'exit 0'
  "$COORD" get big/ --prefix >seen
  cmp seen "$whole"
  "$COORD" del big/ --prefix --yes
}

@test "edit: what was being edited is written, by compare and swap as ever" {
  put app/motd hello
  EDITOR='f() { echo opened; until [ -e go ]; do sleep 0.05; done; echo hi >"$1"; }; f' start edit "$COORD" edit app/motd
  wait_until 20 says edit opened
  etcd_kill m1
  touch go
  assert_equal "$(end_of edit 90)" 'exit 0'
  assert_equal "$("$COORD" get app/motd --print-value-only)" hi
}
