#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord discover`, once and going on. Entries are keys that the test writes itself, as Go would.

load ../lib/primitive
load ../lib/metrics

setup_file() { nobody_there && etcd_start; }

# --- helpers ---

up() { etcdctl put "web/$1" "{\"Op\":0,\"Addr\":\"$1\",\"Metadata\":${2:-null}}" >/dev/null; } # up ADDR [METADATA]
down() { etcdctl del "web/$1" >/dev/null; }
compact() { etcdctl put other x && etcdctl compaction "$(revision)"; }
follow() { # follow [WORD...]: discover web WORD..., in the background, until it has told of the first one
  start seen "$COORD" discover web "$@"
  wait_until 10 test -s seen.out
}

await() { # await N: a waiter for N instances, which watches
  local before
  before=$(watchers)
  start waiter "$COORD" discover web --wait "$1"
  wait_until 10 watchers_are_more_than "$before"
}

# --- once ---

@test "the oldest first; what is no entry is skipped; other services are not looked at" {
  up b:1
  up a:1
  etcdctl put web/junk nonsense
  etcdctl put web/empty '{"Op":0,"Addr":"","Metadata":null}'
  etcdctl put web_other/c:1 '{"Addr":"c:1"}'
  etcdctl put web/lower '{"addr":"d:1","more":1}'
  run -0 "$COORD" discover web
  assert_output $'b:1\na:1\nd:1'
}

@test "nothing there: 1, and says so; json says so too" {
  run -1 --separate-stderr "$COORD" discover web
  assert_output ''
  assert_equal "$stderr" "coord: nothing is registered as 'web'"
  run -1 --separate-stderr "$COORD" discover web --json
  assert_equal "$(jq -c '[.instances,.count]' <<<"$output")" '[[],0]'
}

@test "json" {
  up a:1 '{"zone":"a","n":1}'
  run -0 "$COORD" discover web --json
  assert_equal "$(jq -c '[.service,.count,.instances[0].address,.instances[0].metadata,.instances[0].key]' <<<"$output")" \
    '["web",1,"a:1",{"n":"1","zone":"a"},"web/a:1"]'
  assert_equal "$("$COORD" discover web --format json)" "$output"
}

@test "formats: hosts, env, grpc" {
  up 10.0.0.1:80
  up 10.0.0.1:81
  up '[::1]:80'
  run -0 "$COORD" discover web --format hosts
  assert_output $'10.0.0.1\tweb\n::1\tweb'
  run -0 sh -c 'eval "$("$COORD" discover web --format env)"; echo "$COORD_COUNT $COORD_ADDRS $COORD_ADDR_2"'
  assert_output '3 10.0.0.1:80 10.0.0.1:81 [::1]:80 10.0.0.1:81'
  run -65 "$COORD" discover web --format grpc
  down '[::1]:80'
  run -0 "$COORD" discover web --format grpc
  assert_output ipv4:10.0.0.1:80,10.0.0.1:81
  run -0 "$COORD" discover web --format grpc --pick first
  assert_output ipv4:10.0.0.1:80
}

@test "grpc: names and IPv6" {
  up db.example:80
  run -0 "$COORD" discover web --format grpc
  assert_output dns:///db.example:80
  down db.example:80
  up '[::1]:80'
  up '[::2]:80'
  run -0 "$COORD" discover web --format grpc
  assert_output 'ipv6:[::1]:80,[::2]:80'
}

@test "--pick: first is the oldest; round-robin is fair over processes; random is one of them" {
  for address in b:1 a:1 c:1; do up "$address"; done
  assert_equal "$("$COORD" discover web --pick first)" b:1
  for ((i = 0; i < 9; i++)); do "$COORD" discover web --pick round-robin & done >picked
  wait
  assert_equal "$(sort picked | uniq -c | paste -sd ' ' | tr -s ' ')" ' 3 a:1 3 b:1 3 c:1'
  run -0 "$COORD" discover web --pick random
  assert_output --regexp '^[abc]:1$'
  down a:1 && down b:1 && down c:1
  for how in first random round-robin; do run -1 "$COORD" discover web --pick "$how"; done
}

@test "other layouts" {
  etcdctl put /services/web/a:1 a:1
  etcdctl put register/x '{"name":"web","host":"h","port":80}'
  etcdctl put register/y '{"name":"db","host":"h","port":"81"}'
  assert_equal "$("$COORD" discover web --layout plain)" a:1
  assert_equal "$("$COORD" discover web --layout json)" h:80
  assert_equal "$("$COORD" discover db --layout json)" h:81
  run -1 "$COORD" discover web
}

@test "wrong words: 64; no etcd: 69" {
  for words in '""' 'web --pick no' 'web --format no' 'web --wait 0' 'web --timeout 1s' 'web --watch --pick first' \
    'web --watch --format env' 'web --watch -- true' 'web --wait 1 --watch' 'web/'; do
    eval "run -64 timeout 20 \"\$COORD\" discover $words"
  done
  COORD_ENDPOINTS=$NOBODY run -69 "$COORD" discover web
  COORD_ENDPOINTS=$NOBODY run -69 "$COORD" discover web --watch
  COORD_ENDPOINTS=$NOBODY run -69 "$COORD" discover web --wait 1
  COORD_ENDPOINTS=$NOBODY run -69 "$COORD" discover web -- true
}

# --- waiting ---

@test "--wait: until so many are there; --timeout: 124" {
  up a:1
  run -0 "$COORD" discover web --wait 1
  assert_output a:1
  run -124 "$COORD" discover web --wait 2 --timeout 200ms
  assert_output "coord: discover 'web': timed out with 1 of 2"
  await 2
  etcd_restart
  up b:1
  assert_equal "$(end_of waiter 20)" 'exit 0'
  assert_equal "$(cat waiter.out)" $'a:1\nb:1'
}

@test "--wait: etcd is away from the start: 69, but with --timeout it is waited for, and that ends with 124" {
  local limit
  for limit in 300ms 3s; do
    COORD_ENDPOINTS=$NOBODY run -124 "$COORD" discover web --wait 1 --timeout "$limit"
    assert_output --partial "coord: discover 'web': timed out: cannot reach etcd"
  done
  etcd_stop
  start waiter "$COORD" discover web --wait 1 --timeout 10m
  wait_until 20 says waiter "^coord: discover 'web': cannot reach etcd .*; trying again$"
  etcd_spawn etcd
  etcd_ready etcd
  up a:1
  assert_equal "$(end_of waiter 20)" 'exit 0'
  assert_equal "$(out_of waiter)" a:1
}

@test "TERM ends a wait by TERM" {
  await 1
  send TERM waiter
  assert_equal "$(end_of waiter)" 'signal 15'
}

# --- following ---

@test "--watch: up, down and changed" {
  up a:1
  follow --watch
  up b:1
  down a:1
  up b:1 '{"zone":"b"}'
  printf '%s\n' 'up a:1' 'up b:1' 'down a:1' 'changed b:1' >expected
  wait_until 10 diff expected seen.out
}

@test "--watch --json: one object a line" {
  up a:1
  follow --watch --json
  down a:1
  wait_until 10 eval '(($(wc -l <seen.out) == 2))'
  assert_equal "$(jq -c '[.event,.address,.initial,.revision]' seen.out)" \
    "$(printf '%s\n' "[\"up\",\"a:1\",true,$(($(revision) - 1))]" "[\"down\",\"a:1\",null,$(revision)]")"
}

@test "etcd restarts in the middle: nothing is missed, and it is told once" {
  up a:1
  follow --watch
  etcd_stop
  wait_until 10 says seen "^coord: discover 'web': "
  etcd_spawn etcd
  etcd_ready etcd
  up b:1
  wait_until 20 says seen '^up b:1$'
  assert_equal "$(grep -c "^coord: discover 'web': goes on" seen.err)" 1
}

@test "a compaction while it was stopped: the difference is printed" {
  up a:1
  up b:1
  follow --watch
  wait_until 20 says seen 'up b:1'
  kill -STOP "$(pid_of seen)"
  etcd_restart
  down a:1
  up c:1
  up d:1
  down d:1
  compact
  kill -CONT "$(pid_of seen)"
  printf '%s\n' 'up a:1' 'up b:1' 'down a:1' 'up c:1' >expected
  wait_until 20 diff expected seen.out
  says seen 'the history in between was compacted away'
}

@test "a reader that has seen enough ends it, quietly" {
  up a:1
  run -0 --separate-stderr timeout 20 bash -c '"$COORD" discover web --watch | head -n 1'
  assert_output 'up a:1'
  assert_equal "$stderr" ''
}

@test "CMD runs for each change with the list in its environment and on stdin" {
  follow -- sh -c 'echo "$COORD_SERVICE $COORD_COUNT ($COORD_ADDRS) $(jq -c "[.instances[].address]")"'
  up a:1
  wait_until 10 says seen '^web 1 (a:1) \["a:1"\]$'
  up b:1
  wait_until 10 says seen '^web 2 (a:1 b:1) \["a:1","b:1"\]$'
  assert_equal "$(head -n 1 seen.out)" 'web 0 () []'
}

@test "CMD: etcd restarts in the middle, and CMD hears of the next change, once" {
  up a:1
  follow -- sh -c 'echo "$COORD_ADDRS"'
  etcd_stop
  wait_until 20 says seen "^coord: discover 'web': "
  etcd_spawn etcd
  etcd_ready etcd
  up b:1
  wait_until 20 says seen '^a:1 b:1$'
  down a:1
  wait_until 20 prints seen 'a:1 a:1 b:1 b:1'
}
