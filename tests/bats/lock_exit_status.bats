#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2086,SC2154 # expanded by the shell that coord runs; words that shall be split; $stderr is run's
#
# What `coord lock` and its friends exit with (cli.md section 3), and what CMD finds around it (section 4).

load ../lib/primitive

setup_file() {
  nobody_there
  etcd_start_tls
  export TLS_ENDPOINT=$COORD_ENDPOINTS
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=another CA' \
    -keyout "$TLS_FOLDER/other.key" -out "$TLS_FOLDER/other.crt" 2>/dev/null
  unset COORD_CACERT COORD_CERT COORD_KEY ETCDCTL_CACERT ETCDCTL_CERT ETCDCTL_KEY
  guarded_start
  etcd_start_as plain
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ulimit -c 0
}

one_hint() { [[ $(grep -c '^hint: ' <<<"$output") == 1 ]] || fail "not one hint: $output"; }
as_alice() { env COORD_ENDPOINTS="$GUARDED" COORD_USER=alice COORD_PASSWORD=alice-secret "$@"; }
with_tls() { # with_tls COMMAND...: with the client certificate of the tests
  env COORD_ENDPOINTS="$TLS_ENDPOINT" COORD_CACERT="$TLS_FOLDER/ca.crt" COORD_CERT="$TLS_FOLDER/client.crt" \
    COORD_KEY="$TLS_FOLDER/client.key" "$@"
}

# --- CMD's own status ---

@test "CMD's own exit status is coord's" {
  for want in 0 1 7 64 75 124 255; do
    run "$COORD" lock x -- sh -c "exit $want"
    assert_equal "$status" "$want"; assert_output ''
  done
}

@test "CMD killed by signal n: 128+n, and coord itself has not died of it" {
  for signal in KILL SEGV TERM; do
    start killed "$COORD" lock x -- sh -c "kill -s $signal \$\$"
    assert_equal "$(end_of killed)" "exit $((128 + $(kill -l $signal)))"
    rm "$BATS_TEST_TMPDIR"/killed.*
  done
}

@test "a CMD that is not found: 127, and the message names it" {
  run -127 "$COORD" lock x -- no-such-command
  assert_output --regexp "^coord: .*'no-such-command'"
  is_free x
}

@test "a CMD that can't be executed: 126" {
  : >plain-file
  for command in ./plain-file /; do
    run "$COORD" lock x -- "$command"
    assert_equal "$status" 126
  done
  is_free x
}

# --- no ---

@test "busy with --nonblock: 1, who is in the way is named, CMD does not start" {
  start holder "$COORD" lock --note nightly x -- sleep 60
  wait_until 20 has_keys x 1
  run "$COORD" lock --nonblock x -- touch started
  assert_equal "$status" 1
  assert_output --regexp "^coord: lock 'x' is busy: held by .*\b$(pid_of holder)\b"
  one_hint
  assert [ ! -e started ]
  has_keys x 1
}

@test "--timeout 0 is --nonblock" {
  occupy x
  run "$COORD" lock --timeout 0 x -- true
  assert_equal "$status" 1
}

@test "-E changes the status for busy and for the end of the time" {
  occupy x
  run "$COORD" lock -n -E 0 x -- true
  assert_equal "$status" 0
  run "$COORD" lock --timeout 500ms --conflict-exit-code 42 x -- true
  assert_equal "$status" 42
}

@test "get --must-exist of a missing key: 1; plain get: 0" {
  run "$COORD" get --must-exist missing
  assert_equal "$status" 1
  run "$COORD" get missing
  assert_equal "$status" 0; assert_output ''
}

@test "--timeout runs out while it is busy: 124, and nothing is left in the queue" {
  occupy x
  local begin
  begin=$(milliseconds)
  run "$COORD" lock --timeout 1s x -- touch started
  assert_equal "$status" 124
  took_less_than 2000 "$begin"
  assert_output --partial "lock 'x'"
  assert [ ! -e started ]
  has_keys x 1
}

@test "--timeout does not limit CMD" {
  run "$COORD" lock --timeout 200ms x -- sh -c 'sleep 1; exit 5'
  assert_equal "$status" 5
}

# --- wrong use, wrong data ---

@test "a usage error: 64, with what was wrong and one hint" {
  for words in "--nonblok x -- true" "'' -- true" "--grace 20s x -- true" "--ttl 0 x -- true" "--timeout soon x -- true" \
    "x --" "" "-E 256 x -- true" "--until-eof x -- true"; do
    eval "set -- $words"
    run "$COORD" lock "$@"
    echo "# lock $words: $output" && assert_equal "$status" 64
    assert_output --regexp '^coord: '
  done
}

@test "a grace that does not fit the ttl says what would fit" {
  run "$COORD" lock --ttl 5s --grace 5s x -- true
  assert_equal "$status" 64; one_hint
  [[ $output =~ --ttl\ ([0-9a-z.]+) ]] && run "$COORD" lock --ttl "${BASH_REMATCH[1]}" --grace 5s x -- true
  assert_equal "$status" 0
}

@test "a misspelt option gets a suggestion" {
  run "$COORD" lock --nonblok x -- true
  assert_output --partial --nonblock
}

@test "a revision that was compacted away: 65" {
  "$COORD" put k 1 && "$COORD" put k 2 && "$COORD" put k 3
  etcdctl compaction "$("$COORD" get k -w json | jq .header.revision)"
  run "$COORD" get --rev 1 k
  assert_equal "$status" 65
  assert_output --partial compacted
}

# --- etcd is not there ---

@test "nothing listens: 69 within 2.5 s, the endpoint is named, one hint" {
  for words in "get k" "put k v" "lease list" "lock --nonblock x -- true"; do
    local begin
    begin=$(milliseconds)
    run env COORD_ENDPOINTS="$NOBODY" "$COORD" $words
    echo "# $words: $output" && assert_equal "$status" 69
    took_less_than 2500 "$begin"
    assert_output --partial "$NOBODY"; one_hint
  done
}

@test "a server that answers nothing: 69, not a hang" {
  etcd_freeze plain
  local begin
  begin=$(milliseconds)
  run timeout 20 "$COORD" get k
  local first=$status
  run timeout 20 "$COORD" lock --nonblock x -- true
  etcd_thaw plain
  assert_equal "$first $status" "69 69"
  took_less_than 16000 "$begin"
}

@test "--timeout while etcd can't be reached: 124, the message says both" {
  local begin
  begin=$(milliseconds)
  run "$COORD" --endpoints "$NOBODY" lock --timeout 3s x -- true
  assert_equal "$status" 124
  took_less_than 4000 "$begin"
  assert_line --regexp "^coord: lock 'x'.*timed out.*$NOBODY"
}

# --- output, loss ---

@test "stdout can't be written: 74" {
  "$COORD" put k v
  for words in "get k" "put k v" "lease list" "help"; do
    run sh -c "\"\$COORD\" $words >/dev/full"
    echo "# $words: $output" && assert_equal "$status" 74
  done
}

@test "a hold without CMD whose key can't be printed: 74, nothing is left held" {
  run sh -c 'timeout 5 "$COORD" lock x >/dev/full'
  assert_equal "$status" 74
  is_free x
}

@test "the lease is revoked: 75, and CMD is stopped" {
  run "$COORD" lock x -- sh -c 'echo $$; etcdctl lease revoke "$COORD_LEASE" >/dev/null; exec sleep 30'
  assert_equal "$status" 75
  assert_output --regexp "coord: lost lock 'x': .*"
  is_gone "${lines[0]}"
}

# --- refused ---

@test "a wrong password: 77" {
  for words in "get app/k" "lock app/x -- true" "lock -n app/x -- true"; do
    run as_alice env COORD_PASSWORD=wrong timeout 10 "$COORD" $words
    echo "# $words: $output" && assert_equal "$status" 77
  done
  refute_output --partial wrong
}

@test "no permission: 77, and the message names what it was for" {
  run as_alice timeout 10 "$COORD" put other/k v
  assert_equal "$status" 77
  assert_output --partial "'other/k'"
  run as_alice timeout 10 "$COORD" lock other/x -- true
  assert_equal "$status" 77
  assert_output --partial "'other/x'"
}

@test "no permission: no lease is left either" {
  run as_alice timeout 10 "$COORD" lock other/x -- true
  run env ETCDCTL_ENDPOINTS="$GUARDED" etcdctl --user root:root-secret lease list
  assert_output 'found 0 leases'
}

@test "no user where one is needed: 77" {
  run env COORD_ENDPOINTS="$GUARDED" timeout 10 "$COORD" lock app/x -- true
  assert_equal "$status" 77
}

# --- configuration ---

@test "a server whose certificate our CA has not signed: 78" {
  for words in "get k" "lock --nonblock x -- true" "lock x -- true"; do
    run with_tls env COORD_CACERT="$TLS_FOLDER/other.crt" timeout 10 "$COORD" $words
    echo "# $words: $output" && assert_equal "$status" 78
  done
}

@test "a TLS file that is missing, and TLS options with http://: 78, the file or endpoint is named" {
  run with_tls env COORD_CACERT=/no/ca.crt "$COORD" lock x -- true
  assert_equal "$status" 78; assert_output --partial /no/ca.crt
  run "$COORD" --endpoints "http://$COORD_ENDPOINTS" --cacert "$TLS_FOLDER/ca.crt" lock x -- true
  assert_equal "$status" 78; assert_output --partial "http://$COORD_ENDPOINTS"
}

# --- --status-fd ---

status_line() { "$COORD" lock --status-fd 9 "$@" 9>&1 >/dev/null 2>&1 3>&- || true; }

@test "--status-fd tells done, also of a CMD that exits with one of coord's codes" {
  assert_equal "$(status_line x -- sh -c 'exit 75')" 'result=done code=75 child=75'
  assert_equal "$(status_line x -- true)" 'result=done code=0 child=0'
}

@test "--status-fd tells busy and timeout, with -E as well" {
  occupy x
  assert_equal "$(status_line -n x -- true)" 'result=busy code=1'
  assert_equal "$(status_line --timeout 300ms x -- true)" 'result=timeout code=124'
  assert_equal "$(status_line --timeout 300ms -E 9 x -- true)" 'result=timeout code=9'
}

@test "--status-fd tells lost" {
  run status_line x -- sh -c 'etcdctl lease revoke "$COORD_LEASE" >/dev/null; exec sleep 30'
  assert_output 'result=lost code=75 child=143'
}

@test "--status-fd tells of a signal while waiting" {
  occupy x
  start signalled sh -c 'exec "$COORD" lock --status-fd 9 x -- true 9>line'
  wait_until 20 has_keys x 2
  send TERM signalled
  assert_equal "$(end_of signalled)" 'signal 15'
  assert_equal "$(<line)" 'result=signal code=143'
}

@test "--status-fd tells of errors before CMD" {
  assert_equal "$(status_line x -- no-such-command)" 'result=error code=127'
  assert_equal "$(COORD_ENDPOINTS=$NOBODY status_line -n x -- true)" 'result=error code=69'
}

# --- streams ---

@test "stdin is CMD's: a pipe, to its last byte" {
  run sh -c 'head -c 30000000 /dev/zero | "$COORD" lock x -- wc -c'
  assert_output 30000000
}

@test "stdin that CMD does not read stays for the next command" {
  run sh -c 'printf "a\nb\n" | { "$COORD" lock x -- true; cat; }'
  assert_output $'a\nb'
}

@test "stdout and stderr are CMD's own, and coord adds nothing" {
  run --separate-stderr "$COORD" lock x -- sh -c 'echo out; echo err >&2'
  assert_equal "$output/$stderr" out/err
}

# --- environment ---

@test "CMD finds the lock, its key, revision and lease in the environment" {
  run "$COORD" lock x -- sh -c 'etcdctl get "$COORD_LOCK_KEY" -w json
    echo "$COORD_NAME $COORD_LOCK_NAME"; echo "$COORD_LOCK_KEY $ETCD_LOCK_KEY x/$COORD_LEASE"
    echo "$COORD_LOCK_REV $ETCD_LOCK_REV"; echo "$COORD_CLUSTER_ID"; echo "<$COORD_SESSION>"'
  assert_line --index 1 'x x'
  assert_equal "$(printf '%s\n' ${lines[2]} | sort -u | wc -l)" 1
  local revision
  revision=$(grep -o '"create_revision":[0-9]*' <<<"${lines[0]}" | cut -d: -f2)
  assert_line --index 3 "$revision $revision"
  assert_line --index 4 "$(perl -e 'printf "%x", $ARGV[0] =~ /"cluster_id":(\d+)/' "${lines[0]}")"
  assert_line --index 5 '<>'
}

@test "of nested locks the inner one's key is in the environment, and COORD_* of the outer are overridden" {
  run "$COORD" lock outer -- "$COORD" lock inner -- sh -c 'echo "$COORD_LOCK_KEY $ETCD_LOCK_KEY $COORD_NAME"'
  assert_output --regexp '^inner/[0-9a-f]+ inner/[0-9a-f]+ inner$'
}

@test "a coord inside CMD finds the same etcd: http://, TLS" {
  run env COORD_ENDPOINTS="http://$COORD_ENDPOINTS" "$COORD" lock x -- "$COORD" lock y -- echo inside
  assert_equal "$output" inside
  run with_tls "$COORD" lock x -- "$COORD" lock y -- echo inside
  assert_equal "$output" inside
}

secrets=(sh -c 'env | grep -c secret')

@test "the password is not passed to CMD" {
  run as_alice "$COORD" lock app/x -- "${secrets[@]}"
  assert_output 0
  run env COORD_ENDPOINTS="$GUARDED" COORD_USER=alice:alice-secret "$COORD" lock app/x -- "${secrets[@]}"
  assert_output 0
}

@test "the password is not passed to CMD when it came from etcdctl's variables" {
  run env COORD_ENDPOINTS="$GUARDED" ETCDCTL_USER=alice ETCDCTL_PASSWORD=alice-secret "$COORD" lock app/x -- "${secrets[@]}"
  assert_output 0
  run env COORD_ENDPOINTS="$GUARDED" ETCDCTL_USER=alice:alice-secret "$COORD" lock app/x -- "${secrets[@]}"
  assert_output 0
}

@test "with --pass-credentials a coord inside CMD can log in" {
  run as_alice "$COORD" lock --pass-credentials app/x -- "$COORD" lock app/y -- echo inside
  assert_output inside
}

@test "COORD_LOCK_REV grows from holder to holder, also when they stand in line" {
  local i
  for i in 1 2 3 4 5 6; do
    start "c$i" "$COORD" lock x -- sh -c 'echo "$COORD_LOCK_REV" >>tokens'
  done
  for i in 1 2 3 4 5 6; do assert_equal "$(end_of "c$i" 15)" 'exit 0'; done
  assert_equal "$(wc -l <tokens)" 6
  sort -n -u -c tokens
}

# --- forms ---

@test "without CMD it prints key and an empty line, as etcdctl, and holds" {
  start hold "$COORD" lock x
  wait_until 20 says hold '^x/'
  assert_equal "$(out_of hold; echo .)" "$(etcdctl get --prefix x/ --keys-only | head -1)"$'\n\n.'
  run timeout 1 etcdctl lock x true
  assert_equal "$status" 124
}

@test "without CMD, TERM and INT give it back" {
  for signal in TERM INT; do
    start "hold$signal" "$COORD" lock x
    wait_until 20 says "hold$signal" '^x/'
    send $signal "hold$signal"
    end_of "hold$signal"
    is_free x
  done
}

@test "--until-eof holds until stdin ends" {
  mkfifo pipe
  exec 8<>pipe
  START_INPUT=pipe start hold "$COORD" lock --until-eof x 8>&-
  wait_until 20 says hold '^x/'
  exec 8>&-
  assert_equal "$(end_of hold)" 'exit 0'
  is_free x
}

@test "--until-eof with a stdin that has ended already acquires and gives back" {
  run sh -c '"$COORD" lock --until-eof x </dev/null'
  assert_equal "$status" 0
  assert_output --regexp '^x/[0-9a-f]+$'
}

@test "without -- the second word begins CMD, and options behind it are CMD's" {
  run "$COORD" lock x echo -n --timeout 3s
  assert_output -- '--timeout 3s'
}

@test "several names are all held while CMD runs" {
  run "$COORD" lock b a b -- sh -c 'etcdctl get --prefix --keys-only ""'
  assert_output --regexp $'^a/[0-9a-f]+\n+b/[0-9a-f]+$'
}

@test "several names: when one is busy the others are given back" {
  occupy b
  run "$COORD" lock --nonblock a b c -- true
  assert_equal "$status" 1; assert_output --partial "'b'"
  is_free a; is_free c
}

@test "after fifty runs that end in every way no key and no lease is left" {
  local i lease
  lease=$(occupy busy)
  for i in {1..8}; do
    "$COORD" lock x -- true
    "$COORD" lock x -- sh -c 'kill -9 $$' || true
    "$COORD" lock x -- no-such-command || true
    "$COORD" lock -n busy -- true || true
    "$COORD" lock --timeout 100ms x busy -- true || true
    wait_in_line "w$i" busy -- true
    kill -s "$( ((i % 2)) && echo INT || echo TERM)" "$(pid_of "w$i")"
    end_of "w$i"
  done
  "$COORD" lock x y -- sh -c 'etcdctl lease revoke "$COORD_LEASE"; sleep 9' || true
  vacate "$lease"
  wait_until 3 all_is_gone
}
