#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord diff: what changed in a prefix between two revisions.

load ../lib/primitive
load ../lib/same.bash

@test "diff: added, removed and changed keys, 1 if there are any, else 0" {
  "$COORD" put /app/level $'info\n'
  "$COORD" put /app/port $'80\n'
  "$COORD" put /app/same x
  local before
  before=$(revision)
  run -0 --separate-stderr "$COORD" diff /app/ --rev "$before"
  assert_equal "$output" ''
  "$COORD" put /app/level $'debug\n'
  "$COORD" put /app/same x
  "$COORD" put /app/new $'1\n'
  "$COORD" del /app/port
  "$COORD" put /other x
  run -1 --separate-stderr "$COORD" diff /app/ --rev "$before"
  assert_equal "$output" '~ /app/level
  -info
  +debug
+ /app/new
  +1
- /app/port
  -80'
  assert_equal "$stderr" ''
  run -1 "$COORD" diff /app/ --rev "$before" --keys-only
  assert_equal "${lines[*]}" '~ /app/level + /app/new - /app/port'
  run -1 "$COORD" diff /app/ --rev "$before" -w json
  assert_equal "$(jq -r '.key + " " + .change + " " + .before.value + .after.value' <<<"$output" | paste -sd '|')" \
    '/app/level changed info|debug||/app/new added 1||/app/port removed 80|'
}

@test "diff: between two old revisions, both ways" {
  "$COORD" put k/a 1
  local one two
  one=$(revision)
  "$COORD" put k/b 1
  two=$(revision)
  "$COORD" put k/c 1
  run -1 "$COORD" diff k/ --rev "$one" --rev "$two" --names-only
  assert_equal "$output" '+ k/b'
  run -1 "$COORD" diff k/ --rev "$two" --rev "$one" --names-only
  assert_equal "$output" '- k/b'
  run -0 "$COORD" diff k/ --rev "$two" --rev "$two"
}

@test "diff: of thousands of keys, in pages" {
  seq -f 'big/%05g' 3000 | "$COORD" enqueue big -
  local before
  before=$(revision)
  local last
  last=$("$COORD" get big/ --prefix --keys-only --sort-by KEY --order DESCEND --limit 1 | head -1)
  "$COORD" del "$last"
  run -1 "$COORD" diff big/ --rev "$before" --names-only
  assert_equal "$output" "- $last"
}

@test "diff: odd names and binary values" {
  local before
  before=$(revision)
  printf 'a\0\xff' | "$COORD" put $'odd/a\nb \x1b[31m'
  run -1 "$COORD" diff odd/ --rev "$before"
  assert_equal "${lines[0]}" '+ odd/a\nb \x1b[31m'
  assert_equal "${lines[1]}" '  +a\x00\xff'
  run -1 "$COORD" diff odd/ --rev "$before" -w json
  assert_equal "$(jq -r .after.value_b64 <<<"$output")" "$(printf 'a\0\xff' | base64)"
}

@test "diff: a compacted revision ends with 65 and names the oldest that is left" {
  "$COORD" put k/a 1
  local before
  before=$(revision)
  "$COORD" put k/a 2
  etcdctl compaction "$(revision)"
  refuses 65 "diff 'k/': etcdserver: mvcc: required revision has been compacted" diff k/ --rev "$before"
  assert_equal "${stderr_lines[1]}" "hint: the oldest revision that is left is $(revision)"
  refuses 65 'required revision is a future revision' diff k/ --rev 999999
}

@test "diff: bad words end with 64, no etcd with 69" {
  refuses 64 '--rev is wanted once, or twice' diff k/
  refuses 64 '--rev is wanted once, or twice' diff k/ --rev 1 --rev 2 --rev 3
  refuses 64 "--rev: 'x' is not a whole number" diff k/ --rev x
  refuses 64 '--rev 0 is no revision' diff k/ --rev 0
  refuses 64 'PREFIX' diff
  refuses 69 'cannot reach etcd' diff k/ --rev 1 --endpoints 127.0.0.1:1
}
