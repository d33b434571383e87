#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord watch … -- CMD`, beside etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() {
  end_started
}

next() { echo $(($(revision) + 1)); }
lines_are() { (($(wc -l <"$1.out") == $2)); }         # lines_are NAME N

# --- as etcdctl ---

@test "CMD's environment and what is printed are etcdctl's" {
  local since show='env | grep ^ETCD_WATCH_ | sort'
  since=$(next)
  put x/a 1
  put x/b 'x<y>&"z\é'
  put x/a $'two\nlines\x01'
  put $'x/\xff \xe2\x80\xa8' ''
  del x/a
  for format in simple json fields; do
    start etcdctl etcdctl watch x/ --prefix --rev "$since" -w "$format" -- sh -c "$show"
    wait_until 10 eval '(($(grep -c ^ETCD_WATCH_VALUE etcdctl.out) == 5))'
    start coord "$COORD" watch x/ --prefix --rev "$since" -w "$format" -- sh -c "$show"
    wait_until 10 eval '(($(grep -c ^ETCD_WATCH_VALUE coord.out) == 5))'
    end_process "$(pid_of etcdctl)"
    end_process "$(pid_of coord)"
    diff etcdctl.out coord.out
    rm etcdctl.* coord.*
  done
}

@test "each event as it was, in order, however slow CMD is, and however many there are" {
  local i
  start slow "$COORD" watch n --rev "$(next)" --no-print -- \
    sh -c 'echo "$COORD_EVENT_VALUE"; while [ ! -e go ]; do sleep 0.05; done'
  for i in {1..9}; do put n "$i"; done
  # More than may wait in coord.
  for i in {10..90}; do put n "$i"; done
  wait_until 10 prints slow 1
  touch go
  wait_until 60 lines_are slow 90
  seq 90 | diff - slow.out
}

# --- what CMD finds ---

@test "raw values in COORD_EVENT_…, and all of it as JSON on stdin" {
  local since lease
  since=$(next)
  lease=$(new_lease 600)
  etcdctl put --lease "$lease" 'a b' $'two\nlines' >/dev/null
  del 'a b'
  start seen "$COORD" watch 'a b' --rev "$since" --prev-kv --no-print -- \
    sh -c 'printf "<%s>" "$COORD_EVENT_TYPE" "$COORD_EVENT_KEY" "${COORD_EVENT_VALUE-none}" "$COORD_EVENT_REV" \
      "${COORD_EVENT_LEASE-none}" "${COORD_EVENT_PREV_VALUE-none}"; echo; cat >>json'
  wait_until 10 eval '(($(wc -l <json) == 2))'
  assert_equal "$(out_of seen)" "<PUT><a b><two
lines><$since><$lease><none>
<DELETE><a b><none><$((since + 1))><none><two
lines>"
  assert_equal "$(jq -c '[.type, .key, .value, .mod_revision, .lease, .prev.value]' json | paste -sd ' ')" \
    "[\"PUT\",\"a b\",\"two\\nlines\",$since,\"$lease\",null] [\"DELETE\",\"a b\",null,$((since + 1)),null,\"two\\nlines\"]"
}

@test "a value that an environment cannot hold is on stdin only, and nothing inherited stands for it" {
  export COORD_EVENT_VALUE=inherited ETCD_WATCH_VALUE=inherited
  start seen "$COORD" watch odd --rev "$(next)" --no-print -- \
    sh -c 'echo "${COORD_EVENT_VALUE-none} ${ETCD_WATCH_VALUE-none}" | cut -c 1-20; wc -c; echo'
  printf 'a\0b' | etcdctl put odd >/dev/null
  wait_until 10 lines_are seen 3
  head -c 200000 /dev/zero | tr '\0' x | etcdctl put odd >/dev/null
  wait_until 10 lines_are seen 6
  assert_equal "$(sed -n 1p seen.out)" 'none "a\x00b"'
  assert_equal "$(sed -n 4p seen.out)" 'none none'
  (($(sed -n 5p seen.out) > 200000))
}

# --- how it ends ---

@test "CMD that fails ends it with its status, or not with --keep-going" {
  local since
  since=$(next)
  put f 1
  put f 2
  run -3 --separate-stderr "$COORD" watch f --rev "$since" --no-print -- sh -c 'echo "$COORD_EVENT_VALUE"; exit 3'
  assert_output 1
  assert_equal "$stderr" "coord: watch 'f': sh exited with 3"
  run -143 --separate-stderr "$COORD" watch f --rev "$since" -- sh -c 'kill $$'
  run -127 "$COORD" watch f --rev "$since" -- no-such-command
  start goes_on "$COORD" watch f --rev "$since" --no-print --keep-going -- sh -c 'echo "$COORD_EVENT_VALUE"; exit 3'
  wait_until 10 lines_are goes_on 2
  run ! has_ended goes_on
}

@test "words that make no sense: 64" {
  refuses 64 "--on-busy: 'later' is none of" watch k --on-busy later -- true
  refuses 64 "--signal 'NOPE' is no signal" watch k --signal NOPE -- true
  refuses 64 'about CMD' watch k --debounce 1s
  refuses 64 'about CMD' watch k --keep-going
  refuses 64 '--rev with a revision' watch k --initial --rev 5
}

@test "TERM while CMD runs: CMD's group gets it, and coord dies of it" {
  start seen "$COORD" watch t --rev "$(next)" --no-print -- sh -c 'trap "echo told; exit" TERM; echo begun; sleep 300 & wait'
  put t 1
  wait_until 10 prints seen begun
  send TERM seen
  assert_equal "$(end_of seen 10)" "signal 15"
  prints seen 'begun told'
}

# --- CMD is busy ---

busy() { # busy NAME POLICY [OPTION...]: a CMD that says what it gets and runs until NAME.go is there
  start "$1" "$COORD" watch "$1" --rev "$(next)" --no-print --keep-going --on-busy "$2" "${@:3}" -- sh -c '
    trap "echo HUP" HUP
    trap "echo TERM; exit 9" TERM
    echo "$COORD_EVENT_VALUE"
    while [ ! -e '"$1"'.go ]; do sleep 0.05; done'
  put "$1" 1
  wait_until 10 prints "$1" 1
}

@test "--on-busy latest: the newest waits" {
  busy l latest
  for value in 2 3 4; do put l "$value"; done
  touch l.go
  wait_until 10 eval '[[ $(tail -n 1 l.out) == 4 ]]'
}

@test "--on-busy restart: TERM, and then the newest, when nobody of the old group is left" {
  start r "$COORD" watch r --rev "$(next)" --no-print --on-busy restart --debounce 300ms -- sh -c '
    sh -c "trap : TERM; touch child.\$COORD_EVENT_VALUE; sleep 1; while [ ! -e go ]; do sleep 0.05; done; rm child.\$COORD_EVENT_VALUE" &
    ls child.* 2>/dev/null | wc -l; echo "$COORD_EVENT_VALUE"; wait'
  put r 1
  wait_until 10 test -e child.1
  put r 2
  put r 3
  touch go
  wait_until 20 eval '[[ $(tail -n 1 r.out) == 3 ]]'
  [[ ! -e child.1 ]]
  run ! has_ended r
}

@test "--on-busy restart: who heeds no TERM is killed after the grace" {
  start k "$COORD" watch k --rev "$(next)" --no-print --on-busy restart --grace 200ms -- \
    sh -c 'trap "" TERM; echo "$COORD_EVENT_VALUE"; while :; do sleep 0.05; done'
  put k 1
  wait_until 10 prints k 1
  put k 2
  wait_until 10 prints k '1 2'
}

@test "--on-busy signal: CMD hears of it, and no other is started" {
  busy s signal
  put s 2
  wait_until 10 prints s '1 HUP'
  touch s.go
  wait_until 10 eval '[[ -z $(pgrep -P "$(pid_of s)") ]]'
  put s 3
  wait_until 10 prints s '1 HUP 3'
}

@test "--on-busy drop: forgotten while CMD runs" {
  busy d drop
  start also "$COORD" watch d --rev "$(next)"
  put d 2
  wait_until 10 says also 2
  # Later than the event in the same coord: etcd answers in order.
  wait_until 10 eval '[[ $(ls -l /proc/$(pid_of d)/fd | grep -c memfd) -le 1 ]]'
  touch d.go
  wait_until 10 eval '[[ -z $(pgrep -P "$(pid_of d)") ]]'
  put d 3
  wait_until 10 prints d '1 3'
}

@test "--debounce: many changes, one CMD" {
  start b "$COORD" watch b --rev "$(next)" --no-print --on-busy latest --debounce 2s -- sh -c 'echo "$COORD_EVENT_VALUE"'
  for value in 1 2 3 4 5; do put b "$value"; done
  wait_until 20 prints b 5
}

# --- etcd goes ---

@test "etcd restarts in the middle: each event once, in order" {
  local i
  start seq "$COORD" watch seq --rev "$(next)" --no-print -- sh -c 'echo "$COORD_EVENT_VALUE"'
  for i in 1 2 3; do put seq "$i"; done
  wait_until 10 lines_are seq 3
  etcd_kill
  wait_until 10 says seq "watch 'seq': "
  etcd_spawn etcd
  etcd_ready etcd
  for i in 4 5 6; do put seq "$i"; done
  wait_until 20 lines_are seq 6
  seq 6 | diff - seq.out
}

@test "no etcd in the first place: 69, and CMD never runs" {
  refuses 69 'cannot reach etcd at 127.0.0.1:1' watch k --endpoints 127.0.0.1:1 -- touch ran
  refuses 69 'cannot reach etcd at 127.0.0.1:1' watch k --initial --endpoints 127.0.0.1:1 -- touch ran
  refuses 69 'cannot reach etcd at 127.0.0.1:1' watch k --initial --endpoints 127.0.0.1:1
  [[ ! -e ran ]]
}

@test "revisions compacted while it was cut off: 65, which were missed, and all before is run" {
  local from
  start cut "$COORD" watch cut --rev "$(next)" --no-print -- sh -c 'echo "$COORD_EVENT_VALUE"'
  put cut 1
  wait_until 10 lines_are cut 1
  from=$(next)
  kill -s STOP "$(pid_of cut)"
  etcd_restart
  for i in 2 3; do put cut "$i"; done
  etcdctl compact "$(revision)" >/dev/null
  put cut 4
  kill -s CONT "$(pid_of cut)"
  assert_equal "$(end_of cut 20)" 'exit 65'
  says cut "revisions $from to $from were missed"
  prints cut 1
}

# --- --initial ---

@test "--initial: what is there, then what happens, without a gap" {
  put i/a 1
  put i/b 2
  start seen "$COORD" watch i/ --prefix --initial
  wait_until 10 lines_are seen 6
  put i/a 3
  del i/b
  wait_until 10 prints seen 'PUT i/a 1 PUT i/b 2 PUT i/a 3 DELETE i/b '
}

@test "--initial with CMD: COORD_EVENT_INITIAL tells the list from what happens" {
  put j/a 1
  start seen "$COORD" watch j/ --prefix --initial --no-print -- sh -c 'echo "${COORD_EVENT_INITIAL-0}$COORD_EVENT_VALUE"'
  wait_until 10 prints seen 11
  put j/b 2
  wait_until 10 prints seen '11 02'
}

@test "--initial lives through a compaction while it was cut off: the difference, and which revisions, on stderr" {
  local from
  put c/stays 1
  put c/goes 1
  put c/changes 1
  start seen "$COORD" watch c/ --prefix --initial
  wait_until 10 lines_are seen 9
  from=$(next)
  kill -s STOP "$(pid_of seen)"
  etcd_restart
  put c/changes 2
  put c/changes 3
  del c/goes
  put c/new 1
  etcdctl compact "$(revision)" >/dev/null
  kill -s CONT "$(pid_of seen)"
  wait_until 30 lines_are seen 18
  assert_equal "$(sed -n '10,$p' seen.out | paste -sd ' ')" 'DELETE c/goes  PUT c/changes 3 PUT c/new 1'
  says seen "revisions $from to "
  put c/stays 2
  wait_until 10 lines_are seen 21
}
