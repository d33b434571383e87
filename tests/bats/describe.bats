#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; Bats sets stderr and stderr_lines
# coord describe: all that is known of a key.

load ../lib/primitive
load ../lib/same.bash

kind() { "$COORD" describe -w json -- "$1" | jq -c '[.kind, .name, .held]'; }

@test "describe: revisions, size and what it is" {
  "$COORD" put k one
  "$COORD" put k two
  run -0 --separate-stderr "$COORD" describe k
  assert_equal "${lines[0]}" "'k'"
  [[ ${lines[1]} =~ ^'  created at revision '[0-9]+', changed at revision '[0-9]+', version 2'$ ]]
  assert_equal "${lines[2]}" '  3 bytes of text'
  assert_equal "${#lines[@]}" 3
  assert_equal "$(kind k)" '["plain",null,null]'
  printf 'a\0b' | "$COORD" put k
  run -0 "$COORD" describe k
  assert_equal "${lines[2]}" '  3 bytes of binary data'
}

@test "describe: the lease, what is left of it, and its other keys" {
  local lease
  lease=$(new_lease 600)
  "$COORD" put k v --lease "$lease"
  run -0 "$COORD" describe k
  [[ ${lines[3]} == "  lease $lease: "*" left of 10m, no other key" ]]
  "$COORD" put 'other one' v --lease "$lease"
  run -0 "$COORD" describe k
  [[ ${lines[3]} == *", 1 other key: 'other one'" ]]
  run -0 "$COORD" describe k -w json
  assert_equal "$(jq -c '[.lease.id, .lease.granted_ttl, .lease.other_keys[].key]' <<<"$output")" "[\"$lease\",600,\"other one\"]"
}

@test "describe: keys of locks, elections, rwlocks and sessions" {
  start one "$COORD" lock db -- sleep 300
  wait_until 20 has_keys db 1
  local key
  key=$("$COORD" get db/ --prefix --keys-only | head -1)
  run -0 "$COORD" describe "$key"
  [[ ${lines[1]} == "  holds lock 'db', by "*' pid '* ]]
  assert_equal "$(kind "$key")" '["lock","db",true]'
  start two "$COORD" lock db -- sleep 300
  wait_until 20 has_keys db 2
  key=$("$COORD" get db/ --prefix --keys-only --sort-by CREATE --order DESCEND | head -1)
  run -0 "$COORD" describe "$key"
  [[ ${lines[1]} == "  waits for lock 'db', behind 1, by "* ]]
  start three "$COORD" elect web me -- sleep 300
  wait_until 20 has_keys web 1
  key=$("$COORD" get web/ --prefix --keys-only | head -1)
  run -0 "$COORD" describe "$key"
  [[ ${lines[1]} == "  leads election 'web', by "* ]]
  assert_equal "$(kind "__coord/holders/$key/info")" '["holder","web",null]'
  start four "$COORD" rwlock read cat -- sleep 300
  wait_until 20 eval '(($(keys_count cat/read/) == 1))'
  key=$("$COORD" get cat/ --prefix --keys-only | head -1)
  assert_equal "$(kind "$key")" '["rwlock","cat",true]'
  start five "$COORD" session -- sleep 300
  wait_until 20 eval '(($(keys_count __coord/sessions/) == 1))'
  key=$("$COORD" get __coord/sessions/ --prefix --keys-only | head -1)
  assert_equal "$(kind "$key" | jq -c '.[0]')" '"session"'
}

@test "describe: keys of queues and barriers" {
  local key
  key=$("$COORD" enqueue a/jobs one --print-keys)
  assert_equal "$(kind "$key")" '["queue_item","a/jobs",null]'
  key=$("$COORD" enqueue ranked one --priority 7 --print-keys)
  assert_equal "$(kind "$key")" '["queue_item","ranked",null]'
  "$COORD" barrier hold migrated
  assert_equal "$(kind migrated)" '["barrier","migrated",null]'
  run -0 "$COORD" describe migrated
  [[ ${lines[1]} == "  barrier, closed: 'migrated' by "* ]]
  run -0 --separate-stderr "$COORD" dbarrier run build --count 1 -- "$COORD" describe -w json build/ready
  assert_equal "$(jq -c '[.kind, .name]' <<<"$output")" '["dbarrier_ready","build"]'
}

@test "describe: odd names, and exits 1, 64 and 69" {
  local key
  for key in 'a b' $'a\nb' 'ü' -k 'dir/' $'\xff'; do
    "$COORD" put -- "$key" v
    run -0 "$COORD" describe -- "$key"
    assert_equal "${lines[2]}" '  1 bytes of text'
  done
  refuses 1 "describe 'none': there is no such key" describe none
  refuses 64 'KEY is missing' describe
  refuses 69 'cannot reach etcd' describe k --endpoints 127.0.0.1:1
}
