#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord watch -i`, beside etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() {
  exec 8>&- 9>&-
  end_started
}

interactive() { # interactive NAME FD COMMAND...: reads what is written to FD
  mkfifo "$1.in"
  eval "exec $2<>$1.in" # both ways, so that opening waits for nobody
  START_INPUT=$1.in start "$1" "${@:3}"
}

@test "as etcdctl: several watches, with and without CMD, bad lines, progress" {
  local since
  since=$(($(revision) + 1))
  put a 1
  put b 2
  interactive theirs 8 etcdctl watch -i
  interactive ours 9 "$COORD" watch -i
  for name in theirs ours; do
    echo "watch a --rev $since" >"$name.in"
    wait_until 10 prints "$name" 'PUT a 1'
    echo "watch \"b\" --rev $since -- printenv ETCD_WATCH_VALUE" >"$name.in"
    wait_until 10 prints "$name" 'PUT a 1 PUT b 2 "2"'
    echo 'bogus x' >"$name.in"
    echo >"$name.in"
    echo 'watch' >"$name.in"
    wait_until 10 says "$name" 'is not provided'
    echo 'progress' >"$name.in"
    wait_until 10 says "$name" '^progress notify: '
    grep '^Invalid' "$name.err" >"$name.told"
  done
  diff theirs.told ours.told
  assert_equal "$(grep -c '^progress notify: ' ours.out)" 2
}

@test "watches are on one stream, and go on when etcd restarts" {
  interactive many 9 "$COORD" watch -i
  echo "watch k1 --rev $(($(revision) + 1)) -- sh -c 'echo \$COORD_EVENT_KEY\$COORD_EVENT_VALUE'" >many.in
  echo "watch k2 --rev $(($(revision) + 1)) -- sh -c 'echo \$COORD_EVENT_KEY\$COORD_EVENT_VALUE'" >many.in
  put k1 1
  put k2 1
  wait_until 10 eval '(($(grep -c "^k.1$" many.out) == 2))'
  etcd_restart
  put k1 2
  put k2 2
  wait_until 20 eval '(($(grep -c "^k.2$" many.out) == 2))'
}

@test "a CMD that is busy loses no event: not its own, not another watch's; each is handled in order" {
  local since
  since=$(($(revision) + 1))
  interactive busy 9 "$COORD" watch -i
  echo "watch slow/ --prefix --rev $since -- sh -c 'touch started; until test -e go; do sleep 0.05; done; echo did \$COORD_EVENT_KEY'" >busy.in
  echo "watch quick/ --prefix --rev $since" >busy.in
  put slow/000 v
  wait_until 20 test -e started
  for part in 1 2; do # more than wait in any queue of coord's
    { echo && seq -f "put slow/$part%02g v" 50 && seq -f "put quick/$part%02g v" 50 && echo && echo; } | etcdctl txn >/dev/null
  done
  touch go
  wait_until 60 says busy '^did slow/250$'
  wait_until 60 says busy '^quick/250$'
  diff <(grep '^did ' busy.out) <(echo did slow/000 && seq -f 'did slow/1%02g' 50 && seq -f 'did slow/2%02g' 50)
  diff <(grep '^quick/' busy.out) <(seq -f 'quick/1%02g' 50 && seq -f 'quick/2%02g' 50)
}

@test "the end of stdin ends it: 65; a CMD that fails with its status; an unknown option: 64" {
  run -65 --separate-stderr "$COORD" watch -i </dev/null
  assert_equal "$stderr" 'coord: watch: reading watch request line: EOF'
  put f 1
  interactive fails 9 "$COORD" watch -i
  echo "watch f --rev $(revision) -- sh -c 'exit 4'" >fails.in
  assert_equal "$(end_of fails 10)" 'exit 4'
  run -64 "$COORD" watch -i <<<'watch k --nope'
  refuses 64 'keys and CMD stand on the lines of stdin' watch -i k
  refuses 64 'keys and CMD stand on the lines of stdin' watch -i -- true
}

@test "TERM ends it, by TERM, while it waits for a line" {
  interactive term 9 "$COORD" watch -i
  echo "watch t --rev $(($(revision) + 1))" >term.in
  put t 1
  wait_until 10 prints term 'PUT t 1'
  send TERM term
  assert_equal "$(end_of term 10)" 'signal 15'
}
