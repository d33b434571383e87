#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord txn, against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }
setup() {
  etcdctl del --prefix ''
  etcdctl put k1 v1
  etcdctl put k2 v2
} >/dev/null

# The answer without what differs from call to call, and with the names that etcdctl 3.5 has for the replies.
shape() {
  sed -E -e 's/([rR]evision|raft_term|RaftTerm|[vV]ersion)(" ?: ?)[0-9]+/\1\2N/g' \
    -e 's/ResponsePut/response_put/g; s/ResponseRange/response_range/g; s/ResponseDeleteRange/response_delete_range/g'
}

# same_txn TEXT: both do the same and say the same about it, from the same state, in every format.
same_txn() {
  local format who
  for format in simple json fields; do
    for who in etcdctl "$COORD"; do
      setup
      printf %s "$1" | "$who" txn -w "$format" | shape >"$BATS_TEST_TMPDIR/${who##*/}.out" || fail "$who refuses: $1"
      etcdctl get --prefix '' >"$BATS_TEST_TMPDIR/${who##*/}.store"
    done
    diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out" || fail "not what etcdctl says of: $1"
    diff "$BATS_TEST_TMPDIR/etcdctl.store" "$BATS_TEST_TMPDIR/coord.store" || fail "not what etcdctl does: $1"
  done
}

# both_refuse STATUS TEXT WHY: neither does it; coord ends with STATUS and says WHY.
both_refuse() {
  local before
  before=$(revision)
  ! printf %s "$2" | etcdctl txn 2>/dev/null || fail "etcdctl does it: $2"
  refuses_text "$@"
  assert_equal "$(revision)" "$before"
}

refuses_text() {
  printf %s "$2" >"$BATS_TEST_TMPDIR/text"
  run "-$1" --separate-stderr "$COORD" txn <"$BATS_TEST_TMPDIR/text"
  assert_equal "$output" ''
  assert_equal "${stderr_lines[0]}" "coord: $3"
}

@test "txn: does and says what etcdctl does" {
  local text texts=(
    $'\n\n\n'
    $'mod("k1") > "0"\n\nput k3 new\nget k1\ndel k2\n\nput k4 no\n\n'
    $'mod("k1") = "0"\n\nput k3 new\n\nput k4 no\nget k1\n\n'
    $'val("k1") = "v1"\nversion("k2") = "1"\ncreate("k9") = "0"\n\nget k --prefix\n\n\n'
    $'value("k1") != "v1"\n\nget k --prefix\n\ndel k --prefix\n\n'
    $'ver("k1") < "2"\nc("k1") > "1"\nm("k1") != "1"\n\nput k1 x --prev-kv\ndel k2 --prev-kv\n\n\n'
    $'  val("k1") = "v1"  \n  \n   put  k3\t new \n \nget x\n\t\n'
    $'\nput k3 "a b\\n\\"c\\" \\x23 \\u00e9"\nput k4 "x \'y\' z"\nget k3\nget k4\n\n\n'
    $'\nget k1 --keys-only\nget k --prefix --limit 1\nget k --prefix --order DESCEND --sort-by KEY\n\n\n'
    $'\nget k1 --print-value-only\nget nothing\ndel nothing\n\n\n'
    $'\nput -- -k --v\nget -- -k\nput k1 --ignore-lease x\n\n\n'
    $'\nget ""\\x6b1""\nput a"b c"d\n\n\n'
  )
  for text in "${texts[@]}"; do same_txn "$text"; done
}

@test "txn: what etcdctl refuses is refused, with the line and the reason, and nothing is sent" {
  both_refuse 65 $'bogus\n\n\n\n' "txn: line 1: no comparison: 'bogus'"
  both_refuse 65 $'\n\nput k v' 'txn: line 3: the text ends within the requests for failure'
  both_refuse 65 $'\nput k v\n' 'txn: line 3: the text ends within the requests for success'
  both_refuse 65 '' 'txn: line 1: the text ends within the comparisons'
  both_refuse 65 $'foo("k") = "1"\n\n\n\n' "txn: line 1: 'foo' cannot be compared"
  both_refuse 65 $'mod("k1") = 1\n\n\n\n' 'txn: line 1: the value must stand in double quotes'
  both_refuse 65 $'mod("k1") = "abc"\n\n\n\n' "txn: line 1: 'abc' is not a whole number"
  both_refuse 65 $'mod("k1") >= "1"\n\n\n\n' 'txn: line 1: the operator is none of = != < >'
  both_refuse 65 $'\nfoo bar\n\n\n' "txn: line 2: no request: 'foo bar'"
  both_refuse 65 $'\nput k v\nget k --nope\n\n\n' "txn: line 3: get: unknown option '--nope'"
  both_refuse 65 $'\nput k v\n\nput k\n\n' 'txn: line 4: put: VALUE is missing'
  both_refuse 65 $'\nput k "\\q"\n\n\n' "txn: line 2: '\\q' is no escape"
}

@test "txn: what the server refuses ends with its words" {
  both_refuse 65 $'\nput k 1\nput k 2\n\n\n' 'txn: etcdserver: duplicate key given in txn request'
  both_refuse 1 $'\nput k v --lease 1234\n\n\n' 'txn: etcdserver: requested lease not found'
  both_refuse 65 $'\nput "" v\n\n\n' 'etcdserver: key is not provided'
}

@test "txn: quotes without an end are refused, where etcdctl drops them" {
  refuses_text 65 $'\nput k "v\n\n\n' "txn: line 2: a quote has no end: '\"v'"
  refuses_text 65 $'\nput k \'v\n\n\n' "txn: line 2: a quote has no end: ''v'"
}

@test "txn: compares leases, with which etcdctl crashes" {
  local lease
  lease=$(new_lease 600)
  etcdctl put leased v --lease "$lease"
  run -0 "$COORD" txn --check <<<"lease(\"leased\") = \"$lease\""$'\nlease("k1") = "0"\n\n\n\n'
  run -1 "$COORD" txn --check <<<"lease(\"leased\") != \"$lease\""$'\n\n\n\n'
}

@test "txn: several words in single quotes on a line, which etcdctl 3.4 gets wrong" {
  printf "\nput 'a key' 'its value'\n\n\n" | "$COORD" txn
  assert_equal "$(etcdctl get 'a key' --print-value-only)" 'its value'
}

@test "txn: values hold every byte" {
  printf '\nput "a\\x00b" "\\xff\\n\\x00"\n\n\n' | "$COORD" txn
  assert_equal "$("$COORD" get --key-hex 610062 -w json | jq -r '.kvs[0].value')" "$(printf '\xff\n\0' | base64)"
}

@test "txn: --check turns a failed comparison into 1, and the answer is printed all the same" {
  run -1 --separate-stderr "$COORD" txn --check <<<$'mod("k1") = "0"\n\n\nget k1\n\n'
  assert_equal "$output" $'FAILURE\n\nk1\nv1'
  assert_equal "$stderr" ''
  run -0 "$COORD" txn --check <<<$'mod("k1") > "0"\n\n\n\n'
  run -0 "$COORD" txn <<<$'mod("k1") = "0"\n\n\n\n'
}

@test "txn: -i prompts as etcdctl does" {
  local text=$'mod("k1") > "0"\n\nget k1\n\n\n'
  for flag in -i --interactive; do
    printf %s "$text" | etcdctl txn $flag >"$BATS_TEST_TMPDIR/etcdctl.out"
    printf %s "$text" | "$COORD" txn $flag >"$BATS_TEST_TMPDIR/coord.out"
    diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out"
  done
  run -65 --separate-stderr "$COORD" txn -i <<<$'\nfoo'
  assert_equal "$output" $'compares:\nsuccess requests (get, put, del):'
}

@test "txn: on a terminal it says that it waits for a text" {
  run -0 script -qec "\"$COORD\" txn" /dev/null <<<$'\n\n\n'
  [[ ${lines[*]} == *'reading a transaction from the terminal'* ]]
}

@test "txn: --namespace puts every key under a prefix" {
  printf 'mod("a") = "0"\n\nput a 1\nget a\n\n\n' | "$COORD" --namespace team/ txn >"$BATS_TEST_TMPDIR/out"
  assert_equal "$(etcdctl get team/a --print-value-only)" 1
  grep -qx a "$BATS_TEST_TMPDIR/out"
}

@test "txn: etcd away: ends within the time limit, with 69, where etcdctl hangs" {
  run -69 --separate-stderr "$COORD" --endpoints 127.0.0.1:1 --command-timeout 1s txn <<<$'\nput k v\n\n\n'
  [[ ${stderr_lines[0]} == 'coord: cannot reach etcd at 127.0.0.1:1: '* ]]
}

@test "txn: an etcd that is stopped: ends within the time limit, with 69" {
  etcd_freeze
  run -69 --separate-stderr "$COORD" --command-timeout 1s txn <<<$'\nput k v\n\n\n'
  etcd_thaw
  [[ ${stderr_lines[0]} == 'coord: '*"$ETCD_ENDPOINT"* ]]
}

@test "txn: bad words end with 64" {
  refuses 64 "one word too many: 'x'" txn x
  refuses 64 "unknown option '--nope'" txn --nope
}
