#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord observe`, with and without CMD, and `elect --listen`. Candidates are keys that the test writes itself.

load ../lib/primitive
load ../lib/same
load ../lib/metrics

setup_file() {
  nobody_there
  etcd_start
}

# --- helpers ---

last_is() { [[ $(tail -n 1 "$1") == "$2" ]]; } # last_is FILE LINE
follow() { # follow LABEL [OPTION...] [-- CMD...]: observes x; returns when it has told who leads now, and watches
  local before
  before=$(watchers)
  start "$1" "$COORD" observe x "${@:2}"
  wait_until 10 test -s "$1.out"
  wait_until 10 watchers_are_more_than "$before"
}
values() { jq -c '.leader.value' "$1"; }
told() { [[ $(values "$1.out" | paste -sd ' ') == "$2" ]]; } # told LABEL 'VALUE…'

# --- printing ---

@test "json: one object a line for each change; null for nobody; revisions" {
  follow seen --json
  put x/1 a
  put x/2 waits
  put x/1 ''
  del x/1
  del x/2
  wait_until 10 told seen 'null "a" "" "waits" null'
  assert_equal "$(jq -c 'keys' seen.out | sort -u)" '["leader","name","revision"]'
  line=$(sed -n 3p seen.out)
  assert_equal "$(jq -c '[.leader.key, .leader.rev == .leader.mod_revision - 2, .revision == .leader.mod_revision]' <<<"$line")" \
    '["x/1",true,true]'
  assert_equal "$(tail -n 1 seen.out | jq .revision)" "$(revision)"
}

@test "simple: key and value, a line each; two empty lines for nobody" {
  follow seen
  put x/1 a
  put x/1 b
  del x/1
  printf '%s\n' '' '' x/1 a x/1 b '' '' >expected
  wait_until 10 diff expected seen.out
}

@test "elect --listen prints what etcdctl prints, in each format, and exits 0 at TERM and INT" {
  for format in simple json fields; do
    start ours "$COORD" elect -l x -w "$format"
    start theirs etcdctl elect -l x -w "$format"
    # Both watch from now on: etcdctl's session is a lease.
    wait_until 10 eval '(($(leases_count) >= 1))'
    put x/1 a
    wait_until 10 test -s ours.out
    wait_until 10 test -s theirs.out
    put x/1 b
    wait_until 10 grep -q 'b$\|Yg==\|"b"' theirs.out
    del x/1
    put x/2 c
    wait_until 10 grep -q 'c$\|Yw==\|"c"' theirs.out
    wait_until 10 diff theirs.out ours.out
    send TERM ours
    assert_equal "$(end_of ours)" "exit 0"
    send TERM theirs
    end_of theirs
    del x/2
    rm ours.* theirs.*
  done
  start ours "$COORD" elect -l x
  put x/1 a
  wait_until 10 says ours a
  send INT ours
  assert_equal "$(end_of ours)" "exit 0"
}

@test "TERM ends it by TERM" {
  follow seen
  send TERM seen
  assert_equal "$(end_of seen)" "signal 15"
}

@test "a reader that has seen enough ends it, quietly and at once" {
  put x/1 a
  run -0 --separate-stderr timeout 20 bash -c '"$COORD" observe x | head -n 1'
  assert_output x/1
  assert_equal "$stderr" ''
}

@test "a value with newlines and a value that is not UTF-8" {
  put x/1 $'one\ntwo'
  follow seen --json
  put x/1 $'\xff'
  wait_until 10 eval '(($(wc -l <seen.out) == 2))'
  assert_equal "$(sed -n 1p seen.out | jq .leader.value)" '"one\ntwo"'
  assert_equal "$(sed -n 2p seen.out | jq -r .leader.value_b64)" /w==
}

# --- trouble ---

@test "no etcd: 69 after the dial timeout" {
  COORD_ENDPOINTS=$NOBODY refuses 69 "observe 'x': " observe x
  COORD_ENDPOINTS=$NOBODY refuses 69 "observe 'x': " observe x -- touch ran
  [[ ! -e ran ]]
}

@test "a compaction loses nothing" {
  put x/1 a
  follow seen --json
  for value in b c d; do
    put other "$value"
    etcdctl compaction "$(revision)"
    put x/1 "$value"
  done
  wait_until 10 told seen '"a" "b" "c" "d"'
}

@test "etcd restarts: told once on stderr, and what has changed is told when it is back" {
  put x/1 a
  put x/2 b
  follow seen --json
  etcd_stop
  wait_until 10 says seen "^coord: observe 'x': "
  etcd_spawn etcd
  etcd_ready etcd
  del x/1
  wait_until 20 told seen '"a" "b"'
  wait_until 10 says seen "^coord: observe 'x': goes on$"
  assert_equal "$(grep -c "^coord: observe 'x'" seen.err)" 2
}

@test "the leader goes, and the revisions are compacted, while the observer is stopped" {
  put x/1 a
  put x/2 b
  follow seen --json
  kill -STOP "$(pid_of seen)"
  etcd_restart
  del x/1
  put x/2 c
  etcdctl compaction "$(revision)"
  kill -CONT "$(pid_of seen)"
  wait_until 20 told seen '"a" "c"'
}

# --- a command for each ---

@test "CMD finds the leader in its environment, and JSON on stdin; nobody is empty" {
  follow seen -- sh -c 'echo "$COORD_ELECTION_NAME,$COORD_LEADER,$COORD_LEADER_KEY,$COORD_LEADER_REV,$(jq -c .leader.rev)"'
  put x/1 a
  rev=$(revision)
  wait_until 10 says seen "^x,a,x/1,$rev,$rev$"
  del x/1
  printf '%s\n' x,,,,null "x,a,x/1,$rev,$rev" x,,,,null >expected
  wait_until 10 diff expected seen.out
}

@test "a slow CMD: one at a time, and the next one gets the newest" {
  put x/1 0
  follow seen -- sh -c 'echo "begin $COORD_LEADER"; while [ ! -e go ]; do sleep 0.05; done; echo "end $COORD_LEADER"'
  for value in 1 2 3 4 5; do put x/1 "$value"; done
  start witness "$COORD" observe x --json
  wait_until 10 says witness '"value":"5"'
  put x/1 6
  wait_until 10 says witness '"value":"6"'
  touch go
  wait_until 10 last_is seen.out "end 6"
  printf '%s\n' "begin 0" "end 0" "begin 6" "end 6" >expected
  diff expected seen.out
}

@test "CMD fails: told on stderr, and it goes on; CMD cannot be found: 127" {
  follow seen -- sh -c 'echo "$COORD_LEADER"; exit 3'
  wait_until 10 says seen "^coord: observe 'x': sh exited with 3$"
  put x/1 a
  wait_until 10 last_is seen.out a
  run -127 "$COORD" observe x -- no-such-command
  assert_output --partial "no-such-command"
}

@test "TERM: CMD's group gets it, and coord dies of it when CMD is gone" {
  follow seen -- sh -c 'trap "echo told; exit" TERM; echo begun; sleep 300 & echo "$!"; wait'
  wait_until 10 eval '(($(wc -l <seen.out) == 2))'
  child=$(sed -n 2p seen.out)
  send TERM seen
  assert_equal "$(end_of seen 10)" "signal 15"
  says seen told
  wait_until 20 is_gone "$child"
}

@test "a CMD that heeds no TERM is killed at the second signal" {
  follow seen -- sh -c 'trap "" TERM; echo "$$"; while :; do sleep 0.1; done'
  send TERM seen
  send INT seen
  assert_equal "$(end_of seen 10)" "signal 15"
  is_gone "$(head -n 1 seen.out)"
}

@test "coord is killed: CMD dies too" {
  follow seen -- sh -c 'echo "$$"; exec sleep 300'
  kill -KILL "$(pid_of seen)"
  wait_until 20 is_gone "$(head -n 1 seen.out)"
}
