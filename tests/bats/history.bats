#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord history: every stored version of a key.

load ../lib/primitive
load ../lib/same.bash

put() { etcdctl put -w json -- "$1" "$2" | jq .header.revision; } # put KEY VALUE: prints the revision
del() { etcdctl del -w json -- "$1" | jq .header.revision; }
values() { jq -r 'if .deleted then "deleted" else .value end' <<<"$output" | paste -sd ' '; }

@test "history: every version, newest first" {
  local first second
  first=$(put k one)
  put other x
  second=$(put k two)
  run -0 --separate-stderr "$COORD" history k
  assert_equal "$output" "revision $second, version 2, time unknown
two
revision $first, version 1, time unknown
one"
  assert_equal "$stderr" ''
  run -0 --separate-stderr "$COORD" history k --limit 1 -w json
  assert_equal "$(jq -c '[.key, .revision, .version, .value, .time]' <<<"$output")" "[\"k\",$second,2,\"two\",null]"
}

@test "history: earlier lives, and those of a key that is deleted" {
  put lives 1
  put lives 2
  del lives
  put lives 3
  run -0 --separate-stderr "$COORD" history lives -w json
  assert_equal "$(values)" '3 deleted 2 1'
  local gone
  gone=$(del lives)
  put other x
  run -0 --separate-stderr "$COORD" history lives -w json
  assert_equal "$(values)" 'deleted 3 deleted 2 1'
  run -0 --separate-stderr "$COORD" history lives --limit 1
  assert_equal "$output" "revision $gone, deleted, time unknown"
}

@test "history: says where it ends when older ones were compacted" {
  put cut 1
  put cut 2
  local at
  at=$(put other x)
  put cut 3
  etcdctl compaction "$at"
  run -0 --separate-stderr "$COORD" history cut -w json
  assert_equal "$(values)" '3 2'
  assert_equal "$stderr" "older ones were compacted at revision $at"
  run -0 --separate-stderr "$COORD" history cut --limit 2 -w json
  assert_equal "$(values)" '3 2'
  at=$(del cut)
  run -0 --separate-stderr "$COORD" history cut -w json
  assert_equal "$(values)" 'deleted 3 2'
  etcdctl compaction "$at"
  if is_etcd_34; then
    refuses 1 "history 'cut': no version of it is stored" history cut
  else # the deletion is kept when its own revision is compacted
    run -0 --separate-stderr "$COORD" history cut -w json
    assert_equal "$(values)" deleted
  fi
}

@test "history: many versions come in order" {
  local i
  for i in {1..40}; do "$COORD" put many "$i" >/dev/null; done
  run -0 --separate-stderr "$COORD" history many -w json
  assert_equal "$(values)" "$(seq 40 -1 1 | paste -sd ' ')"
}

@test "history: --diff shows what changed, to the version before" {
  "$COORD" put conf $'level=info\nport=1\n'
  "$COORD" put conf $'level=debug\nport=1\n'
  run -0 --separate-stderr "$COORD" history conf --diff
  assert_equal "${lines[1]}" '-level=info'
  assert_equal "${lines[2]}" '+level=debug'
  assert_equal "${lines[4]}" '+level=info'
  assert_equal "${lines[5]}" '+port=1'
  run -0 --separate-stderr "$COORD" history conf --diff --limit 1 -w json
  assert_equal "$(jq -c .diff <<<"$output")" '["-level=info","+level=debug"]'
  etcdctl del conf
  run -0 --separate-stderr "$COORD" history conf --diff --limit 1
  assert_equal "${lines[2]}" '-port=1'
}

@test "history: odd names and values" {
  local key
  for key in 'a b' $'a\nb' 'ü' -k 'dir/'; do
    "$COORD" put -- "$key" $'\xff\x01'
    run -0 --separate-stderr "$COORD" history -w json -- "$key"
    assert_equal "$(jq -j .key <<<"$output" && echo x)" "${key}x"
    assert_equal "$(jq -r .value_b64 <<<"$output")" "$(printf '\xff\x01' | base64)"
  done
  printf 'a\0b' | "$COORD" put --key-hex 6b00
  run -0 --separate-stderr "$COORD" history --key-hex 6b00 -w json
  assert_equal "$(jq -j .value <<<"$output" | base64)" "$(printf 'a\0b' | base64)"
}

@test "history: bad words end with 64, nothing there with 1" {
  refuses 64 'KEY is missing' history
  refuses 64 'one word too many' history --key-hex 61 b
  refuses 64 '--limit -1' history k --limit=-1
  refuses 64 'a key has at least one byte' history ''
  refuses 1 "history 'none': no version of it is stored" history none
}

@test "history: goes on when etcd comes back, and gives up in time when it does not" {
  put k 1
  etcd_stop
  run -69 --separate-stderr "$COORD" history k --command-timeout 1s
  etcd_spawn etcd
  etcd_ready etcd
  run -0 --separate-stderr "$COORD" history k -w json
  assert_equal "$(values)" 1
}
