#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# The command line as such: help, mistakes, settings, errors.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

@test "help: coord alone is short, on stderr, and exits with 64" {
  run -64 --separate-stderr "$COORD"
  [[ -z $output ]]
  ((${#stderr_lines[@]} <= 25))
  [[ $stderr == *'Usage: coord'*'get put del'* ]]
}

@test "help: help, --help and -h say the same on stdout" {
  run -0 --separate-stderr "$COORD" help
  [[ -z $stderr && $output == *'Usage: coord'*'--endpoints'* ]]
  local text=$output
  run -0 --separate-stderr "$COORD" --help
  [[ $output == "$text" ]]
  run -0 --separate-stderr "$COORD" -h
  [[ $output == "$text" ]]
}

@test "help: of a command has examples first, and needs no other words" {
  local text
  text=$("$COORD" help lease grant)
  [[ $("$COORD" lease grant --help) == "$text" && $("$COORD" -w json lease -h grant) == "$text" ]]
  [[ $text == *$'\nExamples:\n  coord lease grant'*$'\nUsage: coord lease grant TTL\n'* ]]
  refuses 64 "help: unknown command 'lese'" help lese
  [[ ${stderr_lines[1]} == "hint: did you mean 'lease'?" ]]
}

@test "help: cannot be written to a full disk either" {
  to_full() { "$COORD" "$@" >/dev/full; }
  run -74 --separate-stderr to_full help
}

@test "mistakes: a misspelt word gets one suggestion and nothing runs" {
  refuses 64 "unknown command 'gte'" gte foo
  [[ ${stderr_lines[1]} == "hint: did you mean 'get'?" ]]
  refuses 64 "unknown command 'delete'" delete foo
  [[ ${stderr_lines[1]} == "hint: did you mean 'del'?" ]]
  refuses 64 "get: unknown option '--prefx'" get foo --prefx
  [[ ${stderr_lines[1]} == "hint: did you mean '--prefix'?" ]]
  refuses 64 "get: unknown option '--endpoint'" get foo --endpoint=x
  [[ ${stderr_lines[1]} == "hint: did you mean '--endpoints'?" ]]
  refuses 64 "unknown command 'frobnicate'" frobnicate
  refuses 64 "unknown command 'ge'" ge foo
}

@test "mistakes: a misspelt value or topic gets one suggestion too" {
  local words hint
  while read -r hint words; do
    read -ra words <<<"$words"
    run -64 --separate-stderr "$COORD" "${words[@]}"
    assert_equal "${stderr_lines[1]}" "hint: did you mean '$hint'?"
  done <<'END'
json get foo -w jsn
ASCEND get foo --order asc
always --color alwys get foo
restart watch foo --on-busy restrat -- true
beginning subscribe deploys --from begining
fish completion fihs
endpoints config set endpints x
environment help enviroment
locking help lockng
END
}

@test "mistakes: what other tools call it, and what a group has, is said" {
  refuses 64 "unknown command 'set'" set foo bar
  [[ ${stderr_lines[1]} == "hint: did you mean 'put'?" ]]
  refuses 64 "user: unknown command 'ls'" user ls
  [[ ${stderr_lines[1]} == "hint: did you mean 'list'?" ]]
  refuses 64 "get: unknown option '-limit'" get foo -limit=3
  [[ ${stderr_lines[1]} == "hint: did you mean '--limit'?" ]]
  refuses 64 "rwlock: unknown command 'catalog'" rwlock catalog -- true
  [[ ${stderr_lines[1]} == "hint: its commands: read, write" ]]
  refuses 64 'queue: which command?' queue
  [[ ${stderr_lines[1]} == "hint: its commands: list, length, peek, purge" ]]
  refuses 64 "sem: --slots: 'x' is not a whole number" sem -j x fetch -- true
}

@test "help: fits a narrow terminal" {
  run -0 script -qec "stty cols 40; TERM=dumb '$COORD' lock --help" /dev/null
  for line in "${lines[@]}"; do
    line=${line%$'\r'}
    [[ $line == '  coord '* || $line == 'Usage: '* ]] || ((${#line} <= 40)) || fail "too long: $line"
  done
  assert_line --partial 'name of the lock'
}

@test "mistakes: control bytes of a word are not passed on to the terminal" {
  refuses 64 "unknown command 'a\\nb\\x1b[2J'" $'a\nb\e[2J'
}

@test "settings: a flag beats COORD_ beats ETCDCTL_, silently" {
  etcdctl put k v
  local here=$COORD_ENDPOINTS
  run -0 --separate-stderr env COORD_ENDPOINTS=127.0.0.1:1 "$COORD" --endpoints "$here" get k
  [[ $output == $'k\nv' && -z $stderr ]]
  run -0 --separate-stderr env COORD_ENDPOINTS="$here" ETCDCTL_ENDPOINTS=127.0.0.1:1 "$COORD" get k
  [[ $output == $'k\nv' && -z $stderr ]]
  run -0 --separate-stderr env -u COORD_ENDPOINTS ETCDCTL_ENDPOINTS="$here" "$COORD" get k
  [[ $output == $'k\nv' && -z $stderr ]]
  run -0 --separate-stderr env COORD_ENDPOINTS= ETCDCTL_ENDPOINTS="$here" ETCDCTL_BOGUS=1 "$COORD" get k
  [[ $output == $'k\nv' && -z $stderr ]]
}

@test "settings: options may stand anywhere" {
  etcdctl put k v
  run -0 --separate-stderr env -u COORD_ENDPOINTS -u ETCDCTL_ENDPOINTS "$COORD" get k --json --endpoints="$ETCD_ENDPOINT"
  [[ $(jq -r '.kvs[0].key' <<<"$output") == aw== ]]
  run -0 --separate-stderr env COORD_WRITE_OUT=json "$COORD" -w=simple get k
  [[ $output == $'k\nv' ]]
}

@test "settings: several endpoints, quoted and repeated" {
  etcdctl put k v
  run -0 --separate-stderr "$COORD" --endpoints "127.0.0.1:1, \"$ETCD_ENDPOINT\"" get k
  [[ $output == $'k\nv' ]]
  run -0 --separate-stderr "$COORD" --endpoints 127.0.0.1:1 get k --endpoints "http://$ETCD_ENDPOINT"
  [[ $output == $'k\nv' ]]
}

@test "settings: a bad value names its source; 64 for a flag, 78 for a variable" {
  refuses 64 "--command-timeout: 'abc' is not a duration" get k --command-timeout abc
  COORD_COMMAND_TIMEOUT=abc refuses 78 "COORD_COMMAND_TIMEOUT: 'abc' is not a duration" get k
  ETCDCTL_HEX=maybe refuses 78 "ETCDCTL_HEX: 'maybe' is not true or false" get k
  refuses 64 "--hex: 'maybe' is not true or false" get k --hex=maybe
  refuses 64 "--cert names no file" get k --cert=
  refuses 78 'needs both --cert and --key' get k --key=/nonexistent
  refuses 78 '/nonexistent' get k --cacert /nonexistent --endpoints "https://$ETCD_ENDPOINT"
  refuses 64 "--dial-timeout needs a value, DURATION" get k --dial-timeout
}

@test "errors: etcd that is not there ends with 69, soon, and says where it looked" {
  local start=$SECONDS
  refuses 69 '127.0.0.1:1' --endpoints 127.0.0.1:1 get k
  [[ ${stderr_lines[1]} == hint:* ]]
  ((SECONDS - start < 4))
}

@test "errors: etcd that does not answer ends within --command-timeout" {
  etcd_start_as frozen
  etcd_freeze frozen
  local start=$SECONDS
  run -69 --separate-stderr "$COORD" --command-timeout 1s get k
  ((SECONDS - start < 4))
  etcd_thaw frozen
  etcd_use "$(etcd_endpoint)"
}

@test "errors: colour only where it is asked for" {
  run -64 --separate-stderr "$COORD" nosuch --color always
  run -69 --separate-stderr "$COORD" --color always --endpoints 127.0.0.1:1 get k
  [[ ${stderr_lines[0]} == $'\e[1;31mcoord:\e[0m '* ]]
  run -69 --separate-stderr "$COORD" --endpoints 127.0.0.1:1 get k
  [[ $stderr != *$'\e'* ]]
}

@test "login: a user needs a password, and without a terminal nobody can be asked" {
  run -64 --separate-stderr setsid -w "$COORD" --user ann get k
  [[ ${stderr_lines[0]} == *'a password is needed'* ]]
  printf 'secret\n' >"$BATS_TEST_TMPDIR/password"
  run --separate-stderr setsid -w "$COORD" --user ann --password-file "$BATS_TEST_TMPDIR/password" get k
  [[ $stderr != *'a password is needed'* ]]
  refuses 78 'cannot read a password from' --user ann --password-file /nonexistent get k
}

@test "login: the password is asked for on the terminal, unseen" {
  etcd_start_as guarded
  etcd_enable_auth sesame
  local screen=$BATS_TEST_TMPDIR/screen
  : >"$screen"
  type_password() { wait_until 10 grep -q 'Password of root:' "$screen" && echo sesame; }
  run -0 script -qefc "\"$COORD\" --user root put k v" "$screen" < <(type_password)
  [[ $output == *'Password of root:'*OK* && $output != *sesame* ]]
  run -0 --separate-stderr "$COORD" --user root:sesame get k
  run -0 --separate-stderr env COORD_USER=root COORD_PASSWORD=sesame "$COORD" get k
  [[ $output == $'k\nv' ]]
  refuses 77 'authentication failed' --user root:wrong get k
  unset ETCDCTL_USER
  etcd_use "$(etcd_endpoint)"
}

@test "words that name commands are read where they stand" {
  run -0 "$COORD" put get lock
  run -0 "$COORD" get get --print-value-only
  assert_output lock
  run -0 "$COORD" del get
  run -64 "$COORD" frob get
  assert_line --partial "unknown command 'frob'"
  run -64 "$COORD" gett k
  assert_line --partial "did you mean 'get'?"
  run -0 "$COORD" get --help
  assert_line --partial 'Usage: coord get'
}
