# Names of locks, and keys, are bytes. Whatever they are: the key in etcd is made of exactly them, and a terminal that shows them
# is not led astray.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # shells that CMD starts expand what is theirs; a test is a subshell; run --separate-stderr

load ../lib/primitive

# --- helpers ---

readonly NASTY=$'a\e[31m\a\b\r\n\t\x7f\x9b\xff' # moves a cursor, rings a bell, is no UTF-8

keys_base64() { etcdctl get --prefix --keys-only -w json '' | jq -r '.kvs[]?.key'; }
base64_of() { printf %s "$1" | base64 -w0; }
is_held() { "$COORD" who "$1"; }

hold() { # hold NAME [OPTION...]: a coord in the background holds it; what it says goes to $BATS_TEST_TMPDIR/err
  "$COORD" lock "$1" "${@:2}" >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- &
  pids+=("$!")
  wait_until 10 is_held "$1"
}

# The key while CMD runs is NAME/LEASE, and CMD is told so.
assert_lock_key() { # assert_lock_key NAME
  run -0 --separate-stderr "$COORD" lock "$1" -- sh -c 'printf %s "$COORD_LOCK_KEY" | base64 -w0; echo
    printf %s "$COORD_LOCK_NAME/$COORD_LEASE" | base64 -w0; echo
    etcdctl get --prefix --keys-only -w json "" | jq -r ".kvs[].key"'
  assert_equal "${#lines[@]}" 3
  assert_equal "${lines[0]}" "${lines[2]}"
  assert_equal "${lines[1]}" "${lines[2]}"
  [[ $(base64 -d <<<"${lines[2]}") == "$1"/* ]]
  assert_equal "$(keys_base64)" ""
}

# Put, get and del of that very key, and no other.
assert_key() { # assert_key KEY
  run -0 "$COORD" put -- "$1" value
  assert_equal "$(keys_base64)" "$(base64_of "$1")"
  assert_equal "$("$COORD" get --print-value-only -- "$1")" value
  assert_equal "$("$COORD" del -- "$1")" 1
  assert_equal "$(keys_base64)" ""
}

# No control character but the ends of lines, and all of it UTF-8.
assert_printable() { # assert_printable TEXT
  [[ -n $1 && ${1//$'\n'/} != *[[:cntrl:]]* ]] || fail "not printable: ${1@Q}"
  iconv -f UTF-8 -t UTF-8 <<<"$1" >/dev/null || fail "no UTF-8: ${1@Q}"
}

assert_name() { assert_lock_key "$1" && assert_key "$1"; }

# --- names and keys that are fine ---

@test "a name with spaces" { assert_name '  two  words '; }
@test "a name with newlines and tabs" { assert_name $'\na\n\n\tb\t'; }
@test "a name with quotes, backslashes and what shells expand" { assert_name "'\"\\\`\$HOME\$(id)"; }
@test "a name in Unicode" { assert_name 'Schlüssel/ключ/鍵'; }
@test "a name of emoji" { assert_name '🔒👩‍💻'; }
@test "a name that is no UTF-8" { assert_name $'\xff\xfe\x80a\xc3'; }
@test "a name of control bytes" { assert_name "$NASTY"; }
@test "a name with a slash at its end" { assert_name 'a/'; }
@test "a name with a slash at its front" { assert_name '/a'; }
@test "a name of slashes" { assert_name '///'; }
@test "a name that looks like a pattern" { assert_name '*'; }
@test "a name of 64 KiB" { assert_name "$(head -c 65536 /dev/zero | tr '\0' n)"; }
@test "a key with a leading dash, behind --" { assert_key --prefix; }

@test "a key with a NUL comes from a file" {
  printf 'a\0b' >"$BATS_TEST_TMPDIR/key"
  run -0 "$COORD" put --key-file "$BATS_TEST_TMPDIR/key" value
  assert_equal "$(keys_base64)" YQBi
  assert_equal "$("$COORD" get --key-file "$BATS_TEST_TMPDIR/key" --print-value-only)" value
  assert_equal "$("$COORD" del --key-file "$BATS_TEST_TMPDIR/key")" 1
}

@test "a key with a NUL comes in hex" {
  run -0 "$COORD" put --key-hex 610062 value
  assert_equal "$(keys_base64)" YQBi
  assert_equal "$("$COORD" get --key-hex 610062 --print-value-only)" value
  assert_equal "$("$COORD" del --key-hex 610062)" 1
}

@test "a value with NULs and no newline at its end goes through stdin and stdout unchanged" {
  head -c 100000 /dev/urandom >"$BATS_TEST_TMPDIR/value"
  printf '\0\0\xff\0' >>"$BATS_TEST_TMPDIR/value"
  "$COORD" put blob <"$BATS_TEST_TMPDIR/value"
  etcdctl get blob -w json | jq -r '.kvs[0].value' | base64 -d | cmp - "$BATS_TEST_TMPDIR/value"
  "$COORD" get blob --print-value-only | head -c -1 | cmp - "$BATS_TEST_TMPDIR/value"
}

# --- names and keys that are refused ---

@test "an empty name is refused with 64, and nothing runs" {
  run -64 "$COORD" lock '' -- touch "$BATS_TEST_TMPDIR/ran"
  assert_output --partial "name is empty"
  run -64 "$COORD" lock good '' -- touch "$BATS_TEST_TMPDIR/ran"
  [[ ! -e $BATS_TEST_TMPDIR/ran ]]
  run -64 "$COORD" who ''
  run -64 "$COORD" unlock --force --yes ''
}

@test "a name with a leading dash is refused with 64, by a hint that leads to no other error" {
  run -64 --separate-stderr "$COORD" lock -x -- true
  [[ $stderr == *"unknown option '-x'"* ]]
  [[ $stderr != *"'--' ends the options"* ]] || run -0 "$COORD" lock -- -x true
}

@test "a key too large for etcd is refused in a message that a person can read" {
  head -c 1600000 /dev/zero | tr '\0' k >"$BATS_TEST_TMPDIR/key"
  run -65 bash -c '"$0" put --key-file "$1/key" value 2>"$1/err"' "$COORD" "$BATS_TEST_TMPDIR" # run would show all of it
  grep -q 'too large' "$BATS_TEST_TMPDIR/err"
  (($(wc -c <"$BATS_TEST_TMPDIR/err") < 2000)) || fail "a message of $(wc -c <"$BATS_TEST_TMPDIR/err") bytes"
}

# --- what people see ---

@test "who shows odd names, notes and programs without control bytes, on a terminal too" {
  cp /bin/sleep "$BATS_TEST_TMPDIR/$NASTY"
  "$COORD" lock "$NASTY" --note "$NASTY" -- "$BATS_TEST_TMPDIR/$NASTY" 300 3>&- &
  pids+=("$!")
  wait_until 10 is_held "$NASTY"
  assert_printable "$("$COORD" who "$NASTY")"
  assert_printable "$("$COORD" who)"
  export NASTY
  run -0 script -qec '"$COORD" who "$NASTY" && "$COORD" who' /dev/null
  assert_output --partial 'a\x1b[31m'
  assert_printable "${output//$'\r'/}"
}

@test "who is not led astray by what a stranger wrote into a key" {
  local lease
  lease=$(new_lease 60)
  etcdctl put --lease "$lease" "a/$lease" '{"host": "\u001b[2J", "user": "\r\nroot", "pid": 1, "program": "\u009b", "since": "\u0007"}'
  assert_printable "$("$COORD" who a)"
  run -1 --separate-stderr "$COORD" lock -n a -- true
  assert_printable "$stderr"
  assert_equal "${#stderr_lines[@]}" 2
}

@test "who --json has the bytes of a name that is no UTF-8, in base64 beside the text" {
  hold "$NASTY"
  run -0 --separate-stderr "$COORD" who "$NASTY" --json
  assert_equal "$(jq -r .name_b64 <<<"$output")" "$(base64_of "$NASTY")"
  assert_equal "$(jq -r .holder.key_b64 <<<"$output")" "$(keys_base64)"
}

@test "messages about an odd name have no control bytes: busy, timed out, lost" {
  hold "$NASTY" --ttl 30s
  run -1 --separate-stderr "$COORD" lock -n "$NASTY" -- true
  assert_printable "$stderr"
  run -124 --separate-stderr "$COORD" lock --timeout 1200ms "$NASTY" -- true
  assert_printable "$stderr"
  "$COORD" unlock --force --yes "$NASTY"
  wait_until 20 is_gone "${pids[0]}"
  assert_printable "$(<"$BATS_TEST_TMPDIR/err")"
  [[ $(<"$BATS_TEST_TMPDIR/err") == *'a\x1b[31m'* ]]
}

# --- names in names ---

@test "lock a waits while a/b is held, and says that names nest" {
  hold a/b
  run -124 --separate-stderr "$COORD" lock --timeout 1300ms a -- true
  [[ ${stderr_lines[0]} == *"waiting for lock 'a'"*"lock 'a/b'"*"nest"* ]]
  [[ ${stderr_lines[1]} == *"timed out"*"lock 'a/b'"*"nest"* ]]
}

@test "what a nested holder is said to be, and for how long, stands before the remark on names that nest" {
  hold a/b
  run -1 --separate-stderr "$COORD" lock -n a -- true
  [[ ${stderr_lines[0]} == *" for "*"names that nest block each other" ]]
}

@test "lock a/b does not wait while a is held" {
  hold a
  run -0 "$COORD" lock -n a/b -- true
}

# `coord lock WORD... -- CMD`, where CMD lasts until coord has said TEXT, and ends with 9 if that does not happen.
says_while_it_holds() { # says_while_it_holds TEXT WORD...
  local err=$BATS_TEST_TMPDIR/said
  # shellcheck disable=SC2094 # CMD reads what coord says
  "$COORD" "${@:2}" -- bash -c 'for ((i = 0; i < 200; i++)); do ! grep -qF -e "$1" "$2" || exit 0; sleep 0.05; done; exit 9' \
    bash "$1" "$err" 2>"$err" || fail "exit $?: $(<"$err")"
  assert_equal "$(wc -l <"$err")" 1
}

@test "lock a/b says that it lies under a, which is held" {
  hold a
  says_while_it_holds "coord: lock 'a/b' lies under lock 'a', and both are in use: names that nest block each other" lock a/b
  says_while_it_holds "lock 'a/b/c' lies under lock 'a'" lock a/b/c
}

@test "lock a says when it gets it that a/b has come into use meanwhile" {
  local said=$BATS_TEST_TMPDIR/said
  hold a
  "$COORD" lock a >/dev/null 2>"$said" 3>&- &
  pids+=("$!")
  wait_until 10 has_contenders a 2
  hold a/b
  end_process "${pids[0]}"
  wait_until 10 grep -qxF "coord: lock 'a/b' lies under lock 'a', and both are in use: names that nest block each other" "$said"
}
has_contenders() { (($(keys_count "$1/") == $2)); }

@test "with -q nothing is said of names that nest, nor without any" {
  hold a
  run -0 --separate-stderr "$COORD" -q lock a/b -- sh -c 'for i in 1 2 3 4 5; do "$COORD" get x; done'
  assert_equal "$stderr" ''
  run -0 --separate-stderr "$COORD" lock b/a -- sh -c 'for i in 1 2 3 4 5; do "$COORD" get x; done'
  assert_equal "$stderr" ''
  run -0 --separate-stderr "$COORD" lock c c/d -- sh -c 'for i in 1 2 3 4 5; do "$COORD" get x; done'
  assert_equal "$stderr" '' # it is all ours
}

@test "lock a does not wait while ab, a-b and A are held" {
  hold ab
  hold a-b
  hold A
  run -0 "$COORD" lock -n a -- true
}

@test "in a namespace the lock's key is behind the prefix, and scripts of etcdctl get all of it" {
  run -0 "$COORD" --namespace team/ lock x -- sh -c 'echo "$ETCD_LOCK_KEY"; etcdctl get --prefix --keys-only ""'
  assert_equal "${lines[0]}" "${lines[1]}"
  [[ ${lines[1]} == team/x/* ]]
}

@test "in a namespace, a coord that CMD starts is in it too" {
  run -0 "$COORD" --namespace team/ lock x -- "$COORD" put y value
  assert_equal "$(etcdctl get --print-value-only team/y)" value
}

@test "a lock in a namespace excludes etcdctl lock of the whole name, and the other way round" {
  COORD_NAMESPACE=team/ hold x
  run -1 "$COORD" lock -n team/x -- true
  etcdctl lock team/x -- touch "$BATS_TEST_TMPDIR/ran" 3>&- &
  pids+=("$!")
  wait_until 10 eval '(($(keys_count team/x/) == 2))'
  [[ ! -e $BATS_TEST_TMPDIR/ran ]]
  kill -TERM "${pids[0]}"
  wait_until 10 test -e "$BATS_TEST_TMPDIR/ran"
}
