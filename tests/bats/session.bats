#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154,SC2209 # expanded by the shell that coord runs; $stderr is run's; a variable for run
#
# One lease for a whole script: `coord session`, and what the commands inside of it do.

load ../lib/primitive
load ../lib/metrics

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  mkfifo go
  PATH=${COORD%/*}:$PATH
}

in_session() { run --separate-stderr coord session --ttl 5s -- bash -c "$1"; }
session_of() { cat "$BATS_TEST_TMPDIR/session"; }
watch_more_than() { (($(watchers) > $1 + $2)); } # watch_more_than BEFORE N

@test "inside of a session locks are taken and given back by commands that return" {
  in_session 'coord lock a >/dev/null && coord lock b >/dev/null && coord unlock a && coord who && echo "$COORD_SESSION" >session'
  assert_equal "$status" 0
  assert_line --regexp '^b: .* pid [0-9]+ \(bash\)'
  refute_line --partial 'a: '
  all_is_gone
}

@test "its lock shuts others out, and is theirs when the session is over" {
  start script coord session -- bash -c 'coord lock a && read -r _ <go'
  wait_until 10 has_keys a 1
  run -1 coord lock -n a -- true
  start waiter coord lock a -- echo mine
  wait_until 10 has_keys a 2
  echo >go
  assert_equal "$(end_of script 10)" 'exit 0'
  assert_equal "$(end_of waiter 10)" 'exit 0'
  says waiter mine
}

@test "a lock that the session has already is its own: it returns at once" {
  in_session 'coord lock a && coord lock a -n'
  assert_equal "$status" 0
}

@test "busy, and out of time: 1 and 124, and no place in line is kept" {
  occupy a
  in_session 'coord lock -n a; echo $?; coord lock --timeout 300ms a; echo $?; coord lock -E 9 -n a; echo $?; coord get --prefix "a/" --keys-only | grep -c .'
  assert_output $'1\n124\n9\n1'
}

@test "who gives up waiting does not take the place of another of the session" {
  occupy a
  start script coord session -- bash -c 'coord lock a & read -r _ <go; coord lock -n a; echo "$?"; coord lock --timeout 200ms a; echo "$?"; wait'
  wait_until 10 has_keys a 2
  echo >go
  wait_until 10 says script '^124$'
  has_keys a 2
  send TERM script
  end_of script 10
}

@test "a lock whose key can't be printed: 74, told to --status-fd, and it is given back; one that it had stays" {
  in_session 'coord lock a --status-fd 9 9>told >/dev/full; echo $?; coord lock b >/dev/null; coord lock b >/dev/full; echo $?
    coord get --prefix "" --keys-only | grep -o "^[ab]/"'
  assert_output $'74\n74\nb/'
  assert_equal "$(<told)" 'result=error code=74'
}

@test "a try of elect or sem that is refused leaves the place of another of the session" {
  local leader holder
  leader=$(occupy e)
  holder=$(occupy s)
  start script coord session -- bash -c 'coord elect e mine & elect=$!; coord sem s -j 1 & sem=$!; read -r _ <go
    coord elect e other -n; echo "try $?"; coord sem s -j 1 -n; echo "and $?"; wait "$elect"; echo "elected $?"; wait "$sem"; echo "has $?"; coord leader e'
  wait_until 10 has_keys e 2
  wait_until 10 has_keys s 2
  echo >go
  wait_until 10 says script 'and 1'
  says script 'try 1'
  vacate "$leader"
  vacate "$holder"
  assert_equal "$(end_of script 20)" 'exit 0'
  says script 'elected 0'
  says script 'has 0'
  says script '^mine$'
}

@test "a signal to a wait inside of it takes the place in line back" {
  occupy a
  start script coord session -- bash -c 'coord lock a & echo $! >waiter; wait $!; echo "ended $?"; read -r _ <go'
  wait_until 10 has_keys a 2
  kill -s TERM "$(<waiter)"
  wait_until 10 has_keys a 1
  wait_until 10 says script 'ended 143'
  echo >go
  end_of script 10
}

@test "unlock: 1 for what it does not hold; without a session it is refused" {
  in_session 'coord unlock a'
  assert_equal "$status" 1
  run -64 coord unlock a
  assert_line --partial 'outside of a session'
}

@test "the session is lost: CMD is stopped, 75; commands inside fail with 75" {
  start script coord session -- bash -c 'trap "coord lock b; echo \"inside \$?\"; exit 3" TERM; echo $COORD_SESSION >session; coord lock a >/dev/null; while :; do sleep 0.1; done'
  wait_until 10 has_keys a 1
  etcdctl lease revoke "$(session_of)"
  assert_equal "$(end_of script 10)" 'exit 75'
  says script 'inside 75'
  says script 'lost the session'
}

@test "a lock that it has taken is deleted by an operator: the session is lost; given back it is not" {
  start script coord session -- bash -c 'coord lock a; coord lock b; coord unlock a; coord lock a; read -r _ <go; coord unlock a && sleep 3; echo whole; read -r _ <go'
  wait_until 10 has_keys b 1
  echo >go
  wait_until 10 is_free a
  wait_until 10 says script whole
  etcdctl del --prefix b/
  assert_equal "$(end_of script 15)" 'exit 75'
  says script "the key 'b/.*' was deleted"
}

@test "a place in line that an operator deletes: that lock fails with 75, the session goes on" {
  local others
  occupy a
  others=$(watchers)
  start script coord session -- bash -c 'coord lock b >/dev/null; echo "$COORD_SESSION" >session; coord lock a; echo "waited $?"; read -r _ <go; coord lock -n b && echo whole; read -r _ <go'
  wait_until 10 has_keys a 2
  wait_until 10 watch_more_than "$others" 4 # the session its own key and two more, the waiter two
  etcdctl del "a/$(session_of)"
  wait_until 10 says script 'waited 75'
  echo >go
  wait_until 10 says script whole
  etcdctl del --prefix b/
  assert_equal "$(end_of script 15)" 'exit 75'
  says script "the key 'b/.*' was deleted"
}

@test "etcd restarted in the middle: the script goes on with what it has" {
  start script coord session --ttl 20s -- bash -c 'coord lock a && read -r _ <go && coord lock b && coord who a'
  wait_until 10 has_keys a 1
  etcd_restart
  echo >go
  assert_equal "$(end_of script 20)" 'exit 0'
  says script "lock 'a' is held by"
}

@test "list: who has sessions and what they hold; 1 when there is none" {
  run -1 coord session list
  start script coord session --note 'the nightly one' -- bash -c 'coord lock a && read -r _ <go'
  wait_until 10 has_keys a 1
  run -0 coord session list
  assert_output --regexp '^[0-9a-f]+ .*\(bash\).*"the nightly one": a/[0-9a-f]+$'
  run -0 coord session list --json
  assert_equal "$(jq -r '.note, (.keys | length)' <<<"$output")" $'the nightly one\n1'
  echo >go
  end_of script 10
}

@test "a COORD_SESSION that is none, or is over, is refused" {
  COORD_SESSION=what run -78 coord lock a
  assert_output --partial "'what' is no session"
  COORD_SESSION=1234 run -75 coord lock a
  COORD_SESSION=1234 run -0 coord lock a -- true
  run -64 coord session
  run -64 coord session stop
}

@test "start: what it prints is for eval; it ends with the shell, and so does what was taken" {
  run -0 --separate-stderr bash -c 'eval "$(coord session start)" && coord lock a >/dev/null && coord who a && [[ $COORD_SESSION_PID -gt 1 ]]'
  assert_line --index 0 --regexp "lock 'a' is held by .* \(bash\)"
  wait_until 10 all_is_gone
}

@test "start: in a session too the list shows the process that keeps it" {
  run -0 --separate-stderr coord session -- bash -c 'eval "$(coord session start)" && echo "$COORD_SESSION $COORD_SESSION_PID" && coord session list'
  local session keeper
  read -r session keeper <<<"${lines[0]}"
  assert_line --regexp "^$session .* pid $keeper \\(coord\\)"
}

@test "start --detach and stop" {
  eval "$(bash -c 'coord session start --detach')"
  coord lock a
  is_alive "$COORD_SESSION_PID"
  local keeper=$COORD_SESSION_PID
  eval "$(coord session stop)"
  wait_until 10 is_gone "$keeper"
  [[ ! -v COORD_SESSION ]]
  all_is_gone
}

@test "start: when the session is lost the script is ended" {
  start script bash -c 'eval "$(coord session start --ttl 5s)"; echo $COORD_SESSION >session; coord lock a; while :; do sleep 0.1; done'
  wait_until 10 has_keys a 1
  etcdctl lease revoke "$(session_of)"
  assert_equal "$(end_of script 15)" 'signal 15'
}

@test "start: a keeper that is killed takes nothing with it but the lease" {
  start script bash -c 'eval "$(coord session start --ttl 2s)"; coord lock a; echo $COORD_SESSION_PID >keeper; while :; do sleep 0.1; done'
  wait_until 10 test -s keeper
  kill -s KILL "$(<keeper)"
  wait_until 15 all_is_gone
  end_process "$(pid_of script)"
}

@test "start without etcd: 69, soon, and nothing stays behind" {
  run -69 --separate-stderr coord --endpoints 127.0.0.1:1 session start
  assert_output ''
  [[ $stderr == coord:*127.0.0.1:1* ]]
}

@test "rwlock, sem and elect take and return too, and are given back" {
  in_session 'coord rwlock read r >/dev/null && coord rwlock read r -n >/dev/null && coord sem s -j 2 >/dev/null && coord elect e me &&
    coord proclaim e you >/dev/null && coord leader e && coord resign e >/dev/null && coord unlock r && coord unlock s && coord who; echo $?; sleep 3'
  assert_equal "$status" 0
  assert_line --index 1 me
  assert_line --index 2 --partial you
  assert_line 1
  refute_line --partial 'r: '
}

@test "what was given back leaves no key of its own, and of an election nothing that tells of it" {
  occupy full
  in_session 'exec >/dev/null; coord elect e me; coord resign e; coord elect f me; coord unlock f; coord elect full me --timeout 300ms; coord elect full me -n
    coord lock a; coord unlock a; coord rwlock read r; coord rwlock read r; coord unlock r; coord sem s -j 2; coord unlock s; coord barrier hold b; coord barrier release b
    coord dbarrier enter d --count 1; coord dbarrier leave d; coord get --prefix "" --keys-only | grep . >left'
  assert_equal "$(sed 's|/[^/]*$||' left | sort)" $'__coord/sessions\nfull'
}

@test "a place in an election's line is taken back too" {
  occupy e
  in_session 'coord elect e me --timeout 300ms; echo $?; coord get --prefix e/ --keys-only | grep -c .'
  assert_output $'124\n1'
}

# --- dequeue ---

@test "dequeue inside of a session prints an item, and takes it away, as outside" {
  coord enqueue q a b c
  in_session 'coord dequeue q; coord session list | grep -o "holds nothing"; coord dequeue q -- sh -c "echo got \$COORD_ITEM"
    coord dequeue q -- false; echo $?; coord queue list q | grep -c "failed once"; coord dequeue q; coord dequeue -n q; echo $?'
  assert_equal "$status" 0
  assert_output $'a\nholds nothing\ngot b\n1\n1\nc\n1'
  wait_until 10 all_is_gone
}

@test "dequeue inside of a session: an item that cannot be printed goes back" {
  coord enqueue q a
  in_session 'coord dequeue q >/dev/full; echo $?; coord queue list q'
  assert_line --index 0 74
  assert_line --index 1 --regexp "^1\. 'a', key q/[0-9]+, revision [0-9]+$"
}

@test "dequeue inside of a session: an item's lease is its own, and its end is not the session's" {
  coord enqueue q a
  start script coord session -- bash -c 'coord dequeue q -- sh -c "echo works; exec sleep 300"; echo "ended $?"; coord queue length q'
  wait_until 10 says script works
  etcdctl lease revoke "$(etcdctl get __q/alive/ --prefix --keys-only | sed 's/.*\///;q')"
  assert_equal "$(end_of script 20)" 'exit 0'
  assert_equal "$(out_of script)" $'works\nended 75\n1'
}

@test "dequeue inside of a session that is over takes nothing away that it has not printed" {
  start script coord session -- bash -c 'echo "$COORD_SESSION" >session; coord dequeue q'
  wait_until 10 says script "waiting for an item of queue 'q'"
  etcdctl lease revoke "$(session_of)"
  assert_equal "$(end_of script 20)" 'exit 75'
  coord enqueue q a
  run -0 coord queue length q
  assert_output 1
}
