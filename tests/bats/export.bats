#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; Bats sets stderr and stderr_lines
# coord export and import: the keys of a prefix as JSON lines, and back.

load ../lib/primitive
load ../lib/same.bash

setup() { out=$BATS_TEST_TMPDIR; }

lines_of() { seq -f '{"key":"bulk/%g","value":"v"}' "$1"; } # lines_of N

@test "export and import: what comes back is what was there, byte for byte" {
  local key
  for key in 'a b' $'a\nb' 'ü' $'\xff\x01' 'dir/' '"quoted"'; do printf 'a\0\xff\n' | "$COORD" put "odd/$key"; done
  printf '' | "$COORD" put odd/empty ''
  "$COORD" export odd/ >"$out/one"
  assert_equal "$(wc -l <"$out/one")" 7
  "$COORD" get odd/ --prefix -w json | jq -c '[.kvs[] | [.key, .value]]' >"$out/before"
  "$COORD" del odd/ --prefix
  run -0 --separate-stderr "$COORD" import "$out/one"
  assert_equal "$output" '7 keys written'
  assert_equal "$stderr" ''
  "$COORD" get odd/ --prefix -w json | jq -c '[.kvs[] | [.key, .value]]' | diff "$out/before" -
}

@test "export: of one revision, also while somebody writes, and of an old one" {
  "$COORD" put k/a 1
  local before
  before=$(revision)
  "$COORD" put k/b 1
  run -0 --separate-stderr "$COORD" export k/ --rev "$before"
  assert_equal "$(jq -c '[.key, .value, .revision]' <<<"$output")" "[\"k/a\",\"1\",$before]"
  run -0 "$COORD" export k/
  assert_equal "$(jq .revision <<<"$output" | sort -u)" "$(revision)"
  run -0 "$COORD" export none/
  assert_equal "$output" ''
  etcdctl compaction "$(revision)"
  refuses 65 "export 'k/': etcdserver: mvcc: required revision has been compacted" export k/ --rev "$before"
}

@test "export: keys on a lease say so; import writes them without, and says so" {
  local lease
  lease=$(new_lease 600)
  "$COORD" put leased/k v --lease "$lease"
  "$COORD" export leased/ >"$out/one"
  assert_equal "$(jq -r .lease "$out/one")" "$lease"
  etcdctl lease revoke "$lease"
  run -0 --separate-stderr "$COORD" import "$out/one"
  assert_equal "$stderr" '1 of the keys hung on a lease: they were written without one'
  assert_equal "$(value_of leased/k)" v
}

@test "import: thousands of keys, from stdin, into another place" {
  lines_of 3000 >"$out/many"
  run -0 "$COORD" import - --prefix bulk/ --dest-prefix copy/ <"$out/many"
  assert_equal "$output" '3000 keys written'
  assert_equal "$(keys_count copy/)" 3000
  assert_equal "$(keys_count bulk/)" 0
  run -0 "$COORD" import "$out/many" --prefix none/
  assert_equal "$output" '0 keys written'
  "$COORD" export copy/ | "$COORD" import - --dest-prefix more/
  assert_equal "$(keys_count more/copy/)" 3000
}

@test "import: --if-absent leaves alone what is there; --dry-run writes nothing" {
  "$COORD" put bulk/2 theirs
  local before
  before=$(revision)
  lines_of 3 >"$out/few"
  run -0 "$COORD" import "$out/few" --dry-run
  assert_equal "${lines[*]}" 'would put bulk/1 would put bulk/2 would put bulk/3'
  assert_equal "$(revision)" "$before"
  run -0 "$COORD" import "$out/few" --if-absent -w json
  assert_equal "$output" '{"written":2,"skipped":1}'
  assert_equal "$(value_of bulk/2)" theirs
}

@test "import: a broken line is named, and nothing behind it is written" {
  { lines_of 200; echo '{"key":"bulk/broken"'; echo '{"key":"bulk/behind","value":"v"}'; } >"$out/broken"
  refuses 65 'import: line 201: it is no JSON object; 200 keys were written, all up to line 200' import "$out/broken"
  assert_equal "$(keys_count bulk/)" 200
  run -65 --separate-stderr "$COORD" import "$out/broken" --dry-run
  assert_equal "${stderr_lines[0]}" 'coord: import: line 201: it is no JSON object'
  echo '{"key":"k"}' >"$out/broken"
  refuses 65 "import: line 1: it has no 'value'; 0 keys were written, all up to line 0" import "$out/broken"
  assert_equal "${stderr_lines[1]}" 'hint: to go on from there: --resume 1'
}

@test "import: --resume goes on behind what was done" {
  lines_of 5 >"$out/few"
  run -0 "$COORD" import "$out/few" --resume 4
  assert_equal "$output" '2 keys written'
  assert_equal "$(keys_count bulk/)" 2
}

@test "import: etcd restarted in the middle does not stop it; gone for good it says how to go on" {
  mkfifo "$out/lines"
  exec 9<>"$out/lines"
  START_INPUT=$out/lines start one "$COORD" import - --command-timeout 20s 9>&-
  lines_of 300 >&9
  wait_until 10 eval '(($(keys_count bulk/) >= 128))'
  etcd_restart 9>&-
  lines_of 400 >&9
  exec 9>&-
  assert_equal "$(end_of one 30)" 'exit 0'
  assert_equal "$(out_of one)" '700 keys written'
  assert_equal "$(keys_count bulk/)" 400
  lines_of 3 >"$out/few"
  refuses 69 'import: ' import "$out/few" --endpoints 127.0.0.1:1 --command-timeout 1s
  [[ $stderr == *'0 keys were written, all up to line 0'* ]]
}

@test "import: INT and TERM end it, say how to go on, and leave whole transactions" {
  local signal
  for signal in INT TERM; do
    rm -f "$out/lines" && mkfifo "$out/lines"
    exec 9<>"$out/lines"
    START_INPUT=$out/lines start "$signal" "$COORD" import - 9>&-
    lines_of 130 >&9
    wait_until 10 eval '(($(keys_count bulk/) == 128))'
    send "$signal" "$signal"
    assert_equal "$(end_of "$signal" 10)" "signal $(kill -l "$signal")"
    exec 9>&-
    [[ $(err_of "$signal") == *'128 keys were written, all up to line 128'*'--resume 129'* ]]
    "$COORD" del bulk/ --prefix
  done
}

@test "export and import: bad words end with 64, a bad file with 65, no etcd with 69" {
  refuses 64 'PREFIX' export
  refuses 64 '--rev -1 is no revision' export k --rev=-1
  refuses 64 "output format 'fields' is not supported" export k -w fields
  refuses 64 'FILE' import
  refuses 64 '--resume 0 is no line' import - --resume 0
  refuses 65 "cannot read '/nowhere'" import /nowhere
  refuses 69 'cannot reach etcd' export k/ --endpoints 127.0.0.1:1
}
