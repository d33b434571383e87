#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord get, against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() {
  etcd_start
  etcdctl put foo bar
  etcdctl put foo2 'x<y>&"z\é'
  etcdctl put foo3 $'two\nlines'
  etcdctl put $'foo\xe2\x80\xa8\xff\x01' ''
  etcdctl put foo2 again
  etcdctl put foo4 v --lease "$(etcdctl lease grant 600 | cut -d ' ' -f 2)"
  etcdctl put other v
}

teardown_file() { etcd_teardown; }

same_in_every_format() {
  local format
  for format in simple json fields; do
    same_as_etcdctl "$@" -w "$format"
  done
}

@test "get: prints what etcdctl prints, in every format" {
  same_in_every_format get foo
  same_in_every_format get nosuch
  same_in_every_format get foo foo3
  same_in_every_format get foo --prefix
  same_in_every_format get foo --from-key
  same_in_every_format get '' --prefix
  same_in_every_format get '' --from-key
  same_in_every_format get foo --hex
  same_in_every_format --hex=false get foo
}

@test "get: limits, orders and sorts as etcdctl does" {
  same_in_every_format get foo --prefix --limit 2
  same_in_every_format get foo --prefix --limit=-1
  same_in_every_format get foo --prefix --limit 100
  same_in_every_format get foo --prefix --order=descend
  same_in_every_format get foo --prefix --sort-by=Modify --order DESCEND
  same_in_every_format get foo --prefix --sort-by VALUE
  same_in_every_format get foo --prefix --sort-by version
  same_in_every_format get foo --prefix --sort-by CREATE --limit 1
  same_in_every_format get foo --prefix --sort-by key
}

@test "get: reads old revisions and any member as etcdctl does" {
  same_in_every_format get foo2 --rev 3
  same_in_every_format get foo --prefix --rev=4 --keys-only
  same_in_every_format get foo --rev -7
  same_in_every_format get foo --consistency=s
  same_in_every_format get foo --consistency l
}

@test "get: leaves values or keys out as etcdctl does" {
  same_in_every_format get foo --prefix --keys-only
  same_in_every_format get foo --prefix --keys-only --limit 1
  same_as_etcdctl get foo --prefix --print-value-only
  same_as_etcdctl get foo3 --print-value-only
}

@test "get: flags may stand anywhere, and -- ends them" {
  same_as_etcdctl get --prefix foo --limit 2
  same_as_etcdctl -w json get --prefix --limit=2 -- foo
  same_as_etcdctl get -wjson foo
}

@test "get: a missing key is no error, and exits with 1 under --must-exist" {
  run -0 --separate-stderr "$COORD" get nosuch
  [[ -z $output && -z $stderr ]]
  run -1 --separate-stderr "$COORD" get nosuch --must-exist -w json
  [[ -z $output ]]
  [[ $stderr == "coord: get 'nosuch': no such key" ]]
  run -0 --separate-stderr "$COORD" get foo --must-exist --print-value-only
  [[ $output == bar ]]
}

@test "get: --count-only counts in every format" {
  run -0 --separate-stderr "$COORD" get foo --prefix --count-only
  [[ $output == 5 ]]
  run -0 --separate-stderr "$COORD" get foo --prefix --count-only -w json
  [[ $(jq .count <<<"$output") == 5 && $(jq 'has("kvs")' <<<"$output") == false ]]
  run -0 --separate-stderr "$COORD" get foo --prefix --count-only -w fields
  [[ ${lines[4]} == '"More" : false' && ${lines[5]} == '"Count" : 5' ]]
}

@test "get: filters by revision" {
  run -0 --separate-stderr "$COORD" get foo --prefix --min-mod-rev 6 --print-value-only
  [[ $output == $'again\nv' ]]
  run -0 --separate-stderr "$COORD" get foo --prefix --max-create-rev 2 --print-value-only
  [[ $output == bar ]]
  run -0 --separate-stderr "$COORD" get foo --prefix --min-create-rev 3 --max-mod-rev 4 --print-value-only
  [[ $output == $'two\nlines' ]]
}

@test "get: keys with NUL bytes, from hex or a file" {
  printf 'nul\0key' >"$BATS_TEST_TMPDIR/key"
  run -0 --separate-stderr "$COORD" put --key-file "$BATS_TEST_TMPDIR/key" found
  run -0 --separate-stderr "$COORD" get --key-hex 6e756c006b6579 --print-value-only
  [[ $output == found ]]
  run -0 --separate-stderr "$COORD" get --key-hex 6e756c --prefix --hex
  [[ ${lines[0]} == '\x6e\x75\x6c\x00\x6b\x65\x79' ]]
  run -0 --separate-stderr "$COORD" del --key-file "$BATS_TEST_TMPDIR/key"
  [[ $output == 1 ]]
}

@test "get: bad words end with 64, before etcd is asked" {
  export COORD_ENDPOINTS=127.0.0.1:1 # nobody there
  refuses 64 'KEY is missing' get
  refuses 64 "one word too many: 'c'" get a b c
  refuses 64 "'bad' is none of KEY, CREATE, MODIFY, VALUE, VERSION" get foo --sort-by bad
  refuses 64 "'bad' is none of ASCEND, DESCEND" get foo --order bad
  refuses 64 "'x' is none of l, s" get foo --consistency x
  refuses 64 "'x' is not a whole number" get foo --limit x
  refuses 64 "'99999999999999999999' is not a whole number" get foo --rev 99999999999999999999
  refuses 64 'exclude each other' get foo --prefix --from-key
  refuses 64 'no RANGE_END beside --prefix' get foo zzz --prefix
  refuses 64 '--print-value-only goes with -w simple only' get foo --print-value-only -w json
  refuses 64 "output format 'table' is not supported" get foo -w table
  refuses 64 "'bogus' is none of simple" get foo -w bogus
  refuses 64 "'6' is not hex" get --key-hex 6
  refuses 65 'cannot read a key' get --key-file /nonexistent
  refuses 65 "cannot read a key from '/tmp': Is a directory" get --key-file /tmp
}

@test "get: what etcd refuses ends with 65 and its own words" {
  refuses 65 "get 'foo': etcdserver: mvcc: required revision is a future revision" get foo --rev 999999
  refuses 65 'key is not provided' get ''
}

@test "get: a large range is printed as etcdctl prints it, from little memory" {
  local i value
  value=$(printf 'v%.0s' {1..400})
  for ((i = 0; i < 40; i++)); do
    { echo; for ((j = 0; j < 100; j++)); do printf 'put big/%02d%02d %s\n' "$i" "$j" "$value"; done; echo; echo; } |
      etcdctl txn >/dev/null
  done
  same_in_every_format get big/ --prefix
  same_in_every_format get big/ --prefix --limit 2500
  same_in_every_format get big/ --prefix --keys-only
  same_in_every_format get big/10 big/30
}

@test "get: ends quietly when its reader goes away" {
  head -c 1000000 /dev/zero | tr '\0' z | etcdctl put huge # more than a pipe holds
  first_line() { "$COORD" "$@" | head -n 1 && return "${PIPESTATUS[0]}"; }
  run -141 --separate-stderr first_line get huge
  [[ $output == huge && -z $stderr ]]
}

@test "get: output that cannot be written ends with 74" {
  to_full() { "$COORD" "$@" >/dev/full; }
  to_closed() { "$COORD" "$@" >&-; }
  run -74 --separate-stderr to_full get foo
  [[ $stderr == *'cannot write the output: No space left on device'* ]]
  run -74 --separate-stderr to_closed get foo
}
