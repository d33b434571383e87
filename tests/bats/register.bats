#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord register`: entries come, stay and go as they should, whatever happens to CMD, etcd and coord.

load ../lib/primitive
load ../lib/same

setup_file() { nobody_there && etcd_start; }

# --- helpers ---

is_listed() { [[ $(etcdctl get --keys-only web/a:1) == web/a:1 ]]; }
is_not_listed() { ! is_listed; }
lease_of() { printf %x "$(etcdctl get -w fields -- "$1" | awk '$1 == "\"Lease\"" { print $3 }')"; } # lease_of KEY
serve() { # serve LABEL [WORD...]: in the background, until it is listed
  start "$1" "$COORD" register web a:1 "${@:2}"
  wait_until 10 is_listed
}

# --- the entry ---

@test "the value is what Go writes; CMD finds the address; status and entry are gone with CMD" {
  run -3 "$COORD" register web a:1 --meta zone=b --meta 'odd=<a&b>' --meta a=1 -- \
    sh -c 'etcdctl get --print-value-only web/a:1; echo "$COORD_SERVICE $COORD_ADDR"; exit 3'
  assert_line --index 0 '{"Op":0,"Addr":"a:1","Metadata":{"a":"1","odd":"\u003ca\u0026b\u003e","zone":"b"}}'
  assert_line --index 1 'web a:1'
  all_is_gone
}

@test "other layouts: plain and json" {
  run -0 "$COORD" register --layout plain web a:1 -- etcdctl get --prefix ''
  assert_output $'/services/web/a:1\na:1'
  run -0 "$COORD" register --layout plain --prefix my/own web a:1 -- etcdctl get --prefix ''
  assert_output $'/my/own/web/a:1\na:1'
  run -0 "$COORD" register --layout json web '[::1]:80' --meta a=b -- etcdctl get --prefix ''
  assert_line --index 0 "register/$(printf 'web:[::1]:80' | md5sum | cut -d ' ' -f 1)"
  assert_line --index 1 '{"name":"web","host":"::1","port":80,"metadata":{"a":"b"}}'
}

@test "without CMD: prints the key, and ends with 0 at TERM and INT" {
  for signal in TERM INT; do
    serve one
    wait_until 20 grep -qx web/a:1 one.out
    send "$signal" one
    assert_equal "$(end_of one)" 'exit 0'
    all_is_gone
    rm one.*
  done
}

@test "json" {
  start one "$COORD" register web a:1 --json
  wait_until 10 test -s one.out
  assert_equal "$(jq -c '[.service,.address,.key,.lease]' one.out)" "[\"web\",\"a:1\",\"web/a:1\",\"$(lease_of web/a:1)\"]"
}

@test "inside of a session it returns, and the entry ends with the session" {
  run -0 "$COORD" session -- sh -c '"$COORD" register web a:1 && etcdctl get --keys-only web/a:1'
  assert_line --index 0 web/a:1
  assert_line --index 1 web/a:1
  all_is_gone
}

@test "odd names and addresses" {
  run -0 "$COORD" register $'wéb /\n x' a:1 -- etcdctl get --keys-only --prefix ''
  assert_output --partial $'wéb /\n x/a:1'
  for words in '"" a:1' 'web ""' 'web "a b"' 'web/ a:1' 'web a:1 --meta x' 'web a:1 --layout no' \
    'web a --layout json' 'web a:1 --layout plain --meta a=b' 'web a:1 --check ""' 'web a:1 --ttl 0' \
    'web a:1 --check-timeout 1s' 'web a:1 --prefix x'; do
    eval "run -64 timeout 20 \"\$COORD\" register $words"
  done
}

@test "no etcd: 69, and CMD has not run; no CMD: 127, and nothing is left" {
  COORD_ENDPOINTS=$NOBODY run -69 "$COORD" register web a:1 -- touch ran
  COORD_ENDPOINTS=$NOBODY run -124 "$COORD" register --timeout 300ms web a:1 -- touch ran
  assert_output --partial 'timed out: cannot reach'
  COORD_ENDPOINTS=$NOBODY COORD_SESSION=12ab run -124 "$COORD" register --timeout 300ms web a:1
  assert_output --partial 'timed out: cannot reach'
  [[ ! -e ran ]]
  run -127 "$COORD" register web a:1 -- no-such-command
  all_is_gone
}

# --- CMD ---

@test "TERM: the entry goes first, then CMD is told; coord dies of it as CMD does" {
  serve one -- sh -c 'trap "etcdctl get --prefix --keys-only web/ >at-term; exit 5" TERM; echo up; sleep 300 & wait'
  wait_until 20 says one up
  send TERM one
  assert_equal "$(end_of one)" 'exit 5'
  assert_equal "$(cat at-term)" ''
  all_is_gone
  serve two -- sleep 300
  send TERM two
  assert_equal "$(end_of two)" 'signal 15'
}

@test "HUP and USR1 are passed on, and it stays listed" {
  serve one -- sh -c 'trap "echo got HUP" HUP; trap "echo got USR1" USR1; echo up; while :; do sleep 0.05; done'
  wait_until 20 says one up
  send HUP one
  wait_until 20 says one 'got HUP'
  send USR1 one
  wait_until 20 says one 'got USR1'
  is_listed
}

@test "coord is killed: CMD dies, and the lease ends the entry" {
  serve one --ttl 2s -- sh -c 'echo "$$"; exec sleep 300'
  wait_until 20 test -s one.out
  kill -KILL "$(pid_of one)"
  wait_until 20 is_gone "$(cat one.out)"
  wait_until 15 is_not_listed
}

@test "coord is killed: what CMD has started lives on, and is no longer listed" {
  serve one --ttl 2s -- sh -c 'sleep 600 & echo "$!"; wait'
  wait_until 20 test -s one.out
  kill -KILL "$(pid_of one)"
  wait_until 20 is_not_listed
  left=$(cat one.out)
  is_alive "$left"
  end_process "$left"
}

@test "as the first process of a container it reaps what CMD leaves behind" {
  unshare --pid --fork --mount-proc --kill-child true || skip 'no PID namespaces here'
  run -0 unshare --pid --fork --mount-proc --kill-child "$COORD" register web a:1 -- sh -c '
    for i in 1 2 3; do sh -c "(until test -e go; do sleep 0.05; done; echo >>ended) & :"; done
    touch go
    tries=0
    until [ "$(wc -l <ended)" = 3 ] && ! grep -q "^State:.Z" /proc/[0-9]*/status; do
      tries=$((tries + 1))
      [ $tries -lt 400 ] || exit 9
      sleep 0.05
    done' 2>/dev/null
}

@test "a lease that is lost: CMD goes on, and it is registered again" {
  serve one -- sh -c 'echo "$$"; exec sleep 300'
  wait_until 20 test -s one.out
  lease=$(lease_of web/a:1)
  etcdctl lease revoke "$lease"
  wait_until 10 says one 'registered again'
  is_listed
  [[ $(lease_of web/a:1) != "$lease" ]]
  is_alive "$(cat one.out)"
}

@test "somebody deletes the entry: it is put again" {
  serve one
  etcdctl del web/a:1
  wait_until 10 says one 'registered again'
  is_listed
}

@test "etcd is away for longer than the lease: CMD goes on, and it is registered again" {
  serve one --ttl 2s -- sh -c 'echo "$$"; exec sleep 300'
  wait_until 20 test -s one.out
  lease=$(lease_of web/a:1)
  etcd_stop
  wait_until 10 says one "^coord: register 'web' a:1: "
  etcd_spawn etcd
  etcd_ready etcd
  etcdctl lease revoke "$lease" || true # a new leader gives old leases their whole time again
  wait_until 20 says one 'registered again'
  is_listed
  is_alive "$(cat one.out)"
  send TERM one
  assert_equal "$(end_of one)" 'signal 15'
  all_is_gone
}

@test "etcd is away at the end: says that the lease ends the entry" {
  serve one -- sleep 300
  etcd_stop
  send TERM one
  end=$(end_of one 20)
  etcd_spawn etcd
  etcd_ready etcd
  assert_equal "$end" 'signal 15'
  says one 'it ends by itself within'
}

# --- others ---

@test "an entry that somebody keeps alive is refused, by waiting or at once, and not touched" {
  serve one --ttl 2s
  lease=$(lease_of web/a:1)
  run -1 timeout 60 "$COORD" register web a:1 -- touch ran
  assert_output --partial "somebody else has registered it, with lease $lease"
  assert_output --partial 'hint: --take-over replaces that entry'
  run -1 "$COORD" register --nonblock web a:1 -- touch ran
  run -1 "$COORD" session -- "$COORD" register web a:1
  [[ ! -e ran ]]
  assert_equal "$(lease_of web/a:1)" "$lease"
}

@test "an entry without a lease is refused" {
  etcdctl put web/a:1 x
  run -1 "$COORD" register web a:1 -- touch ran
  assert_output --partial 'somebody has put it without a lease'
  [[ ! -e ran ]]
}

@test "the entry of a dead coord is waited for; --timeout ends that" {
  serve one --ttl 4s
  kill -KILL "$(pid_of one)"
  run -124 "$COORD" register --timeout 200ms web a:1
  start two "$COORD" register web a:1 --json
  wait_until 20 test -s two.out
  is_listed
}

@test "etcd goes while the entry of a dead coord is waited for: --timeout counts on" {
  serve one --ttl 60s
  kill -KILL "$(pid_of one)"
  start two "$COORD" register --timeout 3s web a:1
  etcd_kill
  wait_until 20 says two 'timed out' || true
  etcd_restart
  says two 'timed out'
  assert_equal "$(end_of two)" 'exit 124'
}

@test "the entry of a dead coord, and etcd starts again: its lease, which is longer then, is not taken for renewed" {
  serve one --ttl 4s
  kill -KILL "$(pid_of one)"
  start two "$COORD" register web a:1 --json
  etcd_restart
  wait_until 30 eval 'test -s two.out || has_ended two'
  grep -q '"key":"web/a:1"' two.out
}

@test "--take-over: the other is told, leaves it alone, and comes back when the new one is gone" {
  serve one
  start two "$COORD" register --take-over web a:1 --json
  wait_until 10 test -s two.out
  lease=$(lease_of web/a:1)
  assert_equal "$lease" "$(jq -r .lease two.out)"
  wait_until 10 says one 'somebody else has registered it'
  send TERM two
  assert_equal "$(end_of two)" 'exit 0'
  wait_until 10 says one 'registered again'
  is_listed
}

# --- the check ---

@test "listed only while the check is passed" {
  start one "$COORD" register web a:1 --check '[ "$COORD_ADDR" = a:1 ] && test -e well' --every 200ms -- sleep 300
  wait_until 20 says one 'the check exited with 1: not listed'
  is_not_listed
  touch well
  wait_until 20 is_listed
  rm well
  wait_until 20 is_not_listed
  touch well
  wait_until 20 is_listed
  send TERM one
  assert_equal "$(end_of one)" 'signal 15'
  all_is_gone
}

@test "the check fails while etcd is away: not listed once it is back; nor is it forgotten when it passes meanwhile" {
  touch well
  start one "$COORD" register web a:1 --check 'test -e well' --every 200ms --ttl 60s
  wait_until 10 is_listed
  etcd_stop
  rm well
  wait_until 10 says one 'the check exited with 1: not listed'
  etcd_spawn etcd
  etcd_ready etcd
  wait_until 20 is_not_listed
  etcd_stop
  touch well
  wait_until 10 eval '(($(grep -c "the check is passed" one.err) == 2))'
  etcd_spawn etcd
  etcd_ready etcd
  wait_until 20 is_listed
}

@test "a check that hangs is killed with all of its group, and has failed" {
  start one "$COORD" register web a:1 --check 'sleep 300 & echo "$!" >child; wait' --every 300ms
  wait_until 10 says one 'the check took longer than 300ms'
  child=$(cat child)
  wait_until 20 is_gone "$child"
  is_not_listed
  send TERM one
  end_of one
  wait_until 20 is_gone "$(cat child)"
}

@test "--timeout has nothing to say about a CMD" {
  run -0 timeout 60 "$COORD" register --timeout 100ms web a:1 -- sleep 0.3
}
