#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord rollback: keys as they were at an older revision.

load ../lib/primitive
load ../lib/same.bash

@test "rollback: a key comes back as it was, also one that was deleted" {
  "$COORD" put k one
  local before
  before=$(revision)
  "$COORD" put k two
  run -0 --separate-stderr "$COORD" rollback k --rev "$before"
  assert_equal "$output" "1 put, 0 deleted, at revision $(revision)"
  assert_equal "$stderr" ''
  assert_equal "$(value_of k)" one
  "$COORD" del k
  "$COORD" rollback k --rev "$before"
  assert_equal "$(value_of k)" one
  local now
  now=$(revision)
  run -0 --separate-stderr "$COORD" rollback k --rev "$before"
  assert_equal "$output" 'nothing to do: it is as it was'
  assert_equal "$(revision)" "$now"
}

@test "rollback: a prefix at one revision, and --dry-run shows it" {
  "$COORD" put /app/a 1
  "$COORD" put /app/b 1
  local before now
  before=$(revision)
  "$COORD" put /app/a 2
  "$COORD" del /app/b
  "$COORD" put /app/c 2
  now=$(revision)
  run -0 --separate-stderr "$COORD" rollback --prefix /app/ --rev "$before" --dry-run
  assert_equal "$output" '~ /app/a
  -2
  +1
+ /app/b
  +1
- /app/c
  -2'
  assert_equal "$(revision)" "$now"
  "$COORD" put /other x
  run -0 --separate-stderr "$COORD" rollback --prefix /app/ --rev "$before"
  assert_equal "$output" "2 put, 1 deleted, at revision $((now + 2))"
  run -0 "$COORD" diff /app/ --rev "$before"
  assert_equal "$(value_of /other)" x
}

@test "rollback: more keys than a transaction takes come back in several, and it says so" {
  seq 300 | "$COORD" enqueue many - >/dev/null
  local before
  before=$(revision)
  "$COORD" del many/ --prefix
  run -0 --separate-stderr "$COORD" rollback --prefix many/ --rev "$before" -w json
  assert_equal "$stderr" '300 keys are more than one transaction takes: 3 transactions, one after the other'
  assert_equal "$(jq -c '[.put, .deleted, .transactions]' <<<"$output")" '[300,0,3]'
  run -0 "$COORD" diff many/ --rev "$before"
}

@test "rollback: values too large for one transaction come back in several" {
  local i before
  for i in 1 2 3; do head -c 700000 /dev/zero | tr '\0' "$i" | "$COORD" put "large/$i"; done
  before=$(revision)
  "$COORD" del large/ --prefix
  run -0 --separate-stderr "$COORD" rollback --prefix large/ --rev "$before"
  assert_equal "$stderr" '3 keys are more than one transaction takes: 3 transactions, one after the other'
  run -0 "$COORD" diff large/ --rev "$before"
}

@test "rollback: a server with a lower limit is told of, and --max-txn-ops helps" {
  etcd_start_as small --max-txn-ops 10
  seq 30 | "$COORD" enqueue few - >/dev/null
  local before
  before=$(revision)
  "$COORD" del few/ --prefix
  refuses 65 "rollback keys with prefix 'few/': etcdserver: too many operations in txn request; nothing was written" \
    rollback --prefix few/ --rev "$before"
  assert_equal "${stderr_lines[1]}" 'hint: --max-txn-ops makes the transactions smaller'
  run -0 --separate-stderr "$COORD" rollback --prefix few/ --rev "$before" --max-txn-ops 10
  run -0 "$COORD" diff few/ --rev "$before"
  etcd_use "$(etcd_endpoint etcd)"
}

@test "rollback: keys that hung on a lease come back without, and it says so" {
  local lease before
  lease=$(new_lease 600)
  "$COORD" put k leased --lease "$lease"
  before=$(revision)
  etcdctl lease revoke "$lease"
  run -0 --separate-stderr "$COORD" rollback k --rev "$before"
  assert_equal "$stderr" '1 of the keys hung on a lease: they come back without one'
  assert_equal "$(value_of k)" leased
  assert_equal "$("$COORD" get k -w json | jq '.kvs[0].lease')" null
}

@test "rollback: odd names and binary values" {
  local before key
  printf 'a\0\xff\n' | "$COORD" put --key-hex 6b00ff
  for key in 'a b' $'a\nb' 'ü' -k 'dir/'; do "$COORD" put -- "$key" 1; done
  before=$(revision)
  "$COORD" del --key-hex 6b00ff
  for key in 'a b' $'a\nb' 'ü' -k 'dir/'; do "$COORD" put -- "$key" 2; done
  "$COORD" rollback --key-hex 6b00ff --rev "$before"
  assert_equal "$("$COORD" get --key-hex 6b00ff --print-value-only | base64)" "$(printf 'a\0\xff\n\n' | base64)"
  for key in 'a b' $'a\nb' 'ü' -k 'dir/'; do
    "$COORD" rollback --rev "$before" -- "$key"
    assert_equal "$(value_of "$key")" 1
  done
}

@test "rollback: a compacted revision ends with 65" {
  "$COORD" put k 1
  local before
  before=$(revision)
  "$COORD" put k 2
  etcdctl compaction "$(revision)"
  refuses 65 "rollback 'k': etcdserver: mvcc: required revision has been compacted" rollback k --rev "$before"
  assert_equal "${stderr_lines[1]}" "hint: the oldest revision that is left is $(revision)"
  assert_equal "$(value_of k)" 2
}

@test "rollback: asks a person when it is many keys; no leaves them as they are" {
  seq 101 | "$COORD" enqueue asked - >/dev/null
  local before
  before=$(revision)
  "$COORD" del asked/ --prefix
  terminal_open
  type_line "$COORD rollback --prefix asked/ --rev $before; echo status=\$?"
  wait_until 20 screen_shows 'Put 101 keys and delete 0? \[y/N\]'
  type_line n
  wait_until 20 screen_shows '^status=1'
  assert_equal "$(keys_count asked/)" 0
  type_line "clear; $COORD rollback --prefix asked/ --rev $before; echo status=\$?"
  wait_until 20 screen_shows 'Put 101 keys and delete 0? \[y/N\]'
  type_line y
  wait_until 20 screen_shows '^status=0'
  assert_equal "$(keys_count asked/)" 101
}

@test "rollback: bad words end with 64, no etcd with 69" {
  refuses 64 '--rev is missing' rollback k
  refuses 64 'KEY is missing' rollback --rev 3
  refuses 64 'no KEY beside --prefix' rollback k --prefix k --rev 3
  refuses 64 'an empty --prefix is every key there is' rollback --prefix '' --rev 3
  refuses 64 '--rev 0 is no revision' rollback k --rev 0
  refuses 64 '--max-txn-ops 0 is too little' rollback k --rev 1 --max-txn-ops 0
  "$COORD" put other x
  refuses 1 "rollback 'none': nothing was there at revision $(revision), nor is now" rollback none --rev "$(revision)"
  refuses 69 'cannot reach etcd' rollback k --rev 1 --endpoints 127.0.0.1:1
}
