#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord watch, against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

teardown() { end_started; }

has_lines() { (($(wc -l <"$BATS_TEST_TMPDIR/$1.out") >= $2)); } # has_lines NAME N

some_changes() {
  put w/a 1
  put w/b 'x<y>&"z\é'
  put w/a $'two\nlines'
  etcdctl put w/c v --lease "$(etcdctl lease grant 600 | cut -d ' ' -f 2)" >/dev/null
  put $'w/\xe2\x80\xa8\xff\x01' ''
  del w/a
  put w/end ''
}

# same_past LINES WORD...: what has happened since $since is printed by both, in LINES lines, and in the same bytes.
same_past() {
  rm -f "$BATS_TEST_TMPDIR"/*.pid
  start etcdctl etcdctl watch "${@:2}" --rev "$since"
  wait_until 10 has_lines etcdctl "$1"
  start coord "$COORD" watch "${@:2}" --rev "$since"
  wait_until 10 has_lines coord "$1"
  end_process "$(pid_of etcdctl)"
  end_process "$(pid_of coord)"
  diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out" || fail "coord watch ${*:2}: not what etcdctl prints"
}

@test "watch: prints what etcdctl prints, in every format" {
  since=$(($(revision) + 1))
  some_changes
  same_past 22 w/ --prefix
  same_past 27 w/ --prefix --prev-kv
  same_past 21 w/ --prefix --hex
  same_past 13 w/a w/c
  same_past 10 w/a
  same_past 1 w/ --prefix -w json
  same_past 1 w/ --prefix --prev-kv -w json
  same_past 53 w/ --prefix -w fields
  same_past 65 w/ --prefix --prev-kv -w fields
}

@test "watch: prints each event as it happens" {
  start both "$COORD" watch live --rev $(($(revision) + 1)) --prev-kv
  put live 1
  wait_until 20 has_lines both 3
  [[ $(out_of both) == $'PUT\nlive\n1' ]]
  put live 2
  wait_until 20 has_lines both 8
  del live
  wait_until 20 has_lines both 13
  [[ $(out_of both) == $'PUT\nlive\n1\nPUT\nlive\n1\nlive\n2\nDELETE\nlive\n2\nlive' ]]
  [[ -z $(err_of both) ]]
}

@test "watch: takes a range, everything from a key on, and a key in hex" {
  local next
  next=$(($(revision) + 1))
  start range "$COORD" watch r1 r3 --rev "$next"
  start from "$COORD" watch r2 --from-key --rev "$next"
  start hex "$COORD" watch --key-hex 7232 --rev "$next"
  for key in r1 r2 r3 r9; do put "$key" "v-$key"; done
  wait_until 20 has_lines range 6
  wait_until 20 has_lines from 9
  wait_until 20 has_lines hex 3
  [[ $(out_of range) == $'PUT\nr1\nv-r1\nPUT\nr2\nv-r2' ]]
  [[ $(out_of from) == $'PUT\nr2\nv-r2\nPUT\nr3\nv-r3\nPUT\nr9\nv-r9' ]]
  [[ $(out_of hex) == $'PUT\nr2\nv-r2' ]]
}

@test "watch: the key can come from the environment, and one on the command line beats it" {
  local next
  next=$(($(revision) + 1))
  export ETCDCTL_WATCH_KEY=e1 ETCDCTL_WATCH_RANGE_END=e3
  start variable "$COORD" watch --rev "$next"
  start word "$COORD" watch e3 --rev "$next"
  unset ETCDCTL_WATCH_KEY ETCDCTL_WATCH_RANGE_END
  for key in e1 e2 e3; do put "$key" v; done
  wait_until 20 has_lines variable 6
  wait_until 20 has_lines word 3
  [[ $(out_of variable) == $'PUT\ne1\nv\nPUT\ne2\nv' && $(out_of word) == $'PUT\ne3\nv' ]]
}

@test "watch: bad words end with 64" {
  refuses 64 'KEY is missing' watch
  refuses 64 "one word too many: 'c'" watch a b c
  refuses 64 'no RANGE_END beside --prefix' watch a b --prefix
  refuses 64 "output format 'table' is not supported" watch a -w table
  ETCDCTL_WATCH_RANGE_END=z refuses 64 'KEY is missing' watch
}

@test "watch: a revision that was compacted ends it with 65 and etcdctl's words" {
  put compacted 1
  put compacted 2
  etcdctl compact "$(revision)"
  refuses 65 'watch was canceled (etcdserver: mvcc: required revision has been compacted)' watch compacted --rev 1
  etcdctl watch compacted --rev 1 -w json >"$BATS_TEST_TMPDIR/etcdctl.out" || true
  run -65 --separate-stderr "$COORD" watch compacted --rev 1 -w json
  [[ $output == "$(<"$BATS_TEST_TMPDIR/etcdctl.out")" ]]
}

@test "watch: loses no event and repeats none when etcd restarts" {
  local i
  start seq "$COORD" watch seq --rev $(($(revision) + 1))
  for i in 1 2 3; do put seq "$i"; done
  wait_until 20 has_lines seq 9
  etcd_kill
  wait_until 10 says seq "watch 'seq': "
  etcd_spawn etcd
  etcd_ready etcd
  for i in 4 5 6; do put seq "$i"; done
  wait_until 10 has_lines seq 18
  wait_until 20 says seq 'goes on'
  [[ $(out_of seq) == "$(printf 'PUT\nseq\n%d\n' 1 2 3 4 5 6)" ]]
  [[ $(err_of seq | wc -l) == 2 ]] || fail "said $(err_of seq)"
}

@test "watch: brings what happened while it was cut off" {
  local i
  start off "$COORD" -q watch off --rev $(($(revision) + 1))
  put off 1
  wait_until 20 has_lines off 3
  kill -s STOP "$(pid_of off)"
  etcd_restart
  for i in 2 3; do put off "$i"; done
  kill -s CONT "$(pid_of off)"
  wait_until 10 has_lines off 9
  [[ $(out_of off) == "$(printf 'PUT\noff\n%d\n' 1 2 3)" ]]
  [[ -z $(err_of off) ]]
}

@test "watch: ends quietly, with 141, at the next event once its reader has gone" {
  local dir=$BATS_TEST_TMPDIR next line
  next=$(($(revision) + 1))
  mkfifo "$dir/pipe"
  { "$COORD" watch pipe --rev "$next" >"$dir/pipe" 2>"$dir/err" || echo "$?" >"$dir/status"; } 3>&- &
  exec 8<"$dir/pipe"
  put pipe 1
  read -r -t 5 line <&8
  exec 8<&-
  put pipe 2
  wait_until 1 test -s "$dir/status"
  [[ $line == PUT && $(<"$dir/status") == 141 && ! -s $dir/err ]]
}

@test "watch: a signal ends it at once, silently, and by that signal" {
  local signal
  for signal in INT TERM; do
    start "by-$signal" "$COORD" watch signals --rev $(($(revision) + 1))
    put signals x
    wait_until 20 has_lines "by-$signal" 3
    kill -s "$signal" "$(pid_of "by-$signal")"
    [[ $(end_of "by-$signal" 1) == "signal $(kill -l "$signal")" && -z $(err_of "by-$signal") ]]
  done
}

@test "watch: an etcd that cannot be reached in the first place ends it with 69" {
  refuses 69 'cannot reach etcd at 127.0.0.1:1' watch k --endpoints 127.0.0.1:1
}

@test "watch: without permission it ends with 77 and etcdctl's words" {
  etcd_start_as guarded
  etcd_enable_auth secret
  etcd_add_user ann pw ann/
  COORD_USER=ann COORD_PASSWORD=pw refuses 77 'watch was canceled (' watch other
  [[ $stderr == *'permission denied'* ]]
  COORD_USER=ann COORD_PASSWORD=bad refuses 77 'authentication failed' watch ann/1
  export COORD_USER=ann COORD_PASSWORD=pw
  start allowed "$COORD" watch ann/ --prefix --rev 1
  put ann/1 v
  wait_until 20 has_lines allowed 3
}
