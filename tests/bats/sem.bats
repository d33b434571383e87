#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by the shell that coord runs; a test is a subshell
#
# `coord sem NAME -j N`: as many as there are slots, first come first served, all of one mind about N.

load ../lib/primitive
load ../lib/crowd

# --- helpers ---

# begin LABEL N [OPTION...]: on x; says "in" when its CMD runs, and returns when its key stands.
begin() {
  local before
  before=$(keys_count x/)
  start "$1" "$COORD" sem -j "$2" --ttl 30s "${@:3}" x -- sh -c 'echo in; exec sleep 300'
  wait_until 10 has_keys x $((before + 1))
}
holds() { grep -q '^in$' "$BATS_TEST_TMPDIR/$1.out"; }
begin_in() { begin "$@" && wait_until 10 holds "$1"; } # and is in
give_back() { kill -TERM "$(pid_of "$1")"; }

# --- how many may be in ---

@test "three slots: three are in, the others wait and follow in their order" {
  begin_in s1 3 && begin_in s2 3 && begin_in s3 3
  begin s4 3
  begin s5 3
  wait_until 10 says s5 "^coord: waiting for semaphore 'x': held by .*pid $(pid_of s1) (sh) and 2 others for .*; 4 ahead of you"
  run ! holds s4
  give_back s2
  wait_until 10 holds s4
  run ! holds s5
  give_back s4
  wait_until 10 holds s5
}

@test "a waiter whose lease ends is passed by" {
  begin_in s1 1
  start s2 "$COORD" sem -j 1 --timeout 1s x -- true
  wait_until 10 has_keys x 2
  begin s3 1
  assert_equal "$(end_of s2 10)" 'exit 124'
  run ! holds s3
  give_back s1
  wait_until 10 holds s3
}

@test "weights: one that takes two waits until both are free, and nobody overtakes it" {
  begin_in s1 3 && begin_in s2 3
  begin heavy 3 --weight 2
  begin light 3
  run -1 "$COORD" sem -j 3 -n x -- true
  run ! holds heavy
  run ! holds light
  give_back s2
  wait_until 10 holds heavy
  run ! holds light
  give_back s1
  wait_until 10 holds light
}

@test "with one slot it is the lock: each waits for the other" {
  begin_in s1 1
  run -1 "$COORD" lock -n x -- true
  start lock "$COORD" lock x -- sh -c 'echo in; exec sleep 300'
  wait_until 10 has_keys x 2
  begin s2 1
  give_back s1
  wait_until 10 holds lock
  run ! holds s2
  give_back lock
  wait_until 10 holds s2
}

@test "a lock waits until all of a semaphore's holders have gone; holders who come later wait for the lock" {
  begin_in s1 2
  start lock "$COORD" lock x -- sh -c 'echo in; exec sleep 300'
  wait_until 10 has_keys x 2
  begin s2 2
  run ! holds s2
  give_back s1
  wait_until 10 holds lock
  run ! holds s2
  give_back lock
  wait_until 10 holds s2
}

# --- who does not agree ---

@test "another number of slots: 65, both numbers are named, no trace is left" {
  begin_in s1 3
  local before
  before=$(revision)
  for words in "-j 2" "-j 4" "-j 1" "-j 2 --nonblock"; do
    # shellcheck disable=SC2086 # words
    run -65 "$COORD" sem $words x -- touch ran
    assert_line --regexp "^coord: semaphore 'x': it has 3 slots already, not [124]$"
    assert_equal "$(grep -c ^hint: <<<"$output")" 1
  done
  (($(revision) == before)); [[ ! -e ran ]]
  give_back s1 && wait_until 10 is_free x
  run -0 "$COORD" sem -j 2 x -- true
}

@test "a lock that is held has one slot: 65 for a semaphore of several" {
  occupy x
  run -65 "$COORD" sem -j 2 x -- true
  assert_line "coord: semaphore 'x': it has 1 slot already, not 2"
  run -1 "$COORD" sem -j 1 -n x -- true
}

@test "first ones at once with two numbers of slots: those who hold agree at any time" {
  local i pids=()
  for i in 1 2 3 4 5 6; do
    "$COORD" -q sem -j $((i % 2 + 1)) --timeout 5s x -- "$BATS_TEST_DIRNAME/../lib/overlap.bash" "$PWD" 2 $((2 - i % 2)) 0.3 3>&- &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do
    local status=0
    wait "$i" || status=$?
    [[ $status == @(0|65) ]] || fail "ended with $status"
  done
  [[ ! -e overlap ]] || fail "together: $(cat overlap)"
  [[ -s entered ]]
  all_is_gone
}

# --- what it exits with, what CMD finds ---

@test "CMD's exit status is coord's, and its environment is that of a lock" {
  run -7 --separate-stderr "$COORD" sem -j2 x -- sh -c 'echo $COORD_NAME $COORD_LOCK_NAME $COORD_LOCK_KEY $COORD_LOCK_REV
    echo x x $ETCD_LOCK_KEY $ETCD_LOCK_REV; etcdctl get --prefix --keys-only x/; echo; echo x/$COORD_LEASE; exit 7'
  assert_equal "${lines[0]}" "${lines[1]}"
  [[ ${lines[0]} == "x x ${lines[2]} "[1-9]* ]]
  assert_equal "${lines[2]}" "${lines[3]}"
  is_free x
}

@test "without CMD it prints its key, and holds until stdin ends with --until-eof" {
  run -0 "$COORD" sem -j 2 --until-eof x </dev/null
  assert_output --regexp '^x/[0-9a-f]+'
  all_is_gone
}

@test "busy with --nonblock: 1, or what -E says; no trace is left" {
  begin_in s1 2 && begin_in s2 2 --note nightly
  local before
  before=$(revision)
  run -1 "$COORD" sem -j 2 --nonblock x -- touch ran
  assert_line --regexp "^coord: semaphore 'x' is busy: held by .*pid $(pid_of s1) .* and 1 other"
  run -42 "$COORD" sem -j 2 --timeout 0 -E 42 x -- touch ran
  (($(keys_count x/) == 2 && $(revision) == before)); [[ ! -e ran ]]
  give_back s1 && wait_until 10 has_keys x 1
  run -0 "$COORD" sem -j 2 --nonblock x -- true
}

@test "--timeout runs out: 124, and nothing is left in the line" {
  begin_in s1 1
  run -124 "$COORD" sem -j 1 --timeout 500ms x -- touch ran
  assert_output --regexp "^coord: semaphore 'x': timed out: held by"
  has_keys x 1; [[ ! -e ran ]]
}

@test "a usage error: 64" {
  for words in "" "x" "x -- true" "-j x -- true" "-j 0 x -- true" "-j -1 x -- true" "-j two x -- true" "-j 1000001 x -- true" \
    "-j 2 '' -- true" "-j 2 x true" "-j 2 x y -- true" "-j 2 x --" "-j 2 --weight 3 x -- true" "-j 2 --weight 0 x -- true" \
    "-j 99999999999999999999 x -- true"; do
    eval "set -- $words"
    run "$COORD" sem "$@"
    echo "# sem $words: $output" && assert_equal "$status" 64
    assert_output --regexp '^coord: '
  done
}

@test "etcd can't be reached: 69 at once with --nonblock, 124 at the end of --timeout" {
  local nobody
  ports_take nobody
  run -69 "$COORD" --endpoints "127.0.0.1:$nobody" sem -j 2 -n x -- true
  run -124 "$COORD" --endpoints "127.0.0.1:$nobody" sem -j 2 --timeout 2s x -- true
  assert_output --partial "127.0.0.1:$nobody"
}

# --- loss ---

@test "the lease is revoked under CMD: it is stopped, 75" {
  begin_in s1 2
  etcdctl lease revoke "$(etcdctl lease list | tail -1)"
  assert_equal "$(end_of s1)" 'exit 75'
  says s1 "^coord: lost semaphore 'x'"
}

@test "the key is put again under CMD, with another weight for those who come: 75" {
  begin_in s1 2 --weight 2
  etcdctl put --lease "$(etcdctl lease list | tail -1)" "$(etcdctl get --prefix --keys-only x/ | head -1)" ''
  assert_equal "$(end_of s1)" 'exit 75'
}

@test "both processes of a holder are killed: a waiter gets in when their lease has ended" {
  begin_in s1 2
  start s2 "$COORD" sem -j 2 --ttl 3s x -- sleep 300
  wait_until 10 has_keys x 2
  begin s3 2
  local victim
  victim=$(pid_of s2)
  crash_pid "$victim"
  wait_until 20 holds s3
}

@test "etcd is killed and comes back while they wait: the order stays" {
  begin_in s1 2 && begin_in s2 2
  begin s3 2
  begin s4 2
  etcd_kill
  etcd_spawn etcd && etcd_ready etcd
  run ! holds s3
  give_back s2
  wait_until 30 holds s3
  run ! holds s4
  give_back s1
  wait_until 30 holds s4
}

# --- looking and breaking ---

@test "who shows the slots, who holds with which weight, and who waits" {
  begin_in s1 3 --weight 2 --note first && begin_in s2 3
  begin s3 3 --weight 3
  run -0 "$COORD" who x
  assert_line --index 0 "semaphore 'x' is held: 3 of 3 slots"
  assert_line --index 1 --regexp "^  .*pid $(pid_of s1) \(sh\) for .*, weight 2, \"first\", key x/"
  assert_line --index 2 --regexp "^  .*pid $(pid_of s2) \(sh\) for .*s, key x/"
  assert_line --index 3 'waiting: 1'
  assert_line --index 4 --regexp "^  1\. .*pid $(pid_of s3) .*, weight 3, key x/"
  run -0 --separate-stderr "$COORD" who x --json
  assert_equal "$(jq -c '[.kind, .slots, [.holders[] | .pid, .weight], [.waiters[] | .pid, .weight]]' <<<"$output")" \
    "[\"semaphore\",3,[$(pid_of s1),2,$(pid_of s2),1],[$(pid_of s3),3]]"
  run -0 --separate-stderr "$COORD" who x -w fields
  assert_equal "$(awk '$1 == "\"Pid\"" { print $3 }' <<<"$output" | paste -sd ' ')" "$(pid_of s1) $(pid_of s2) $(pid_of s3)"
  run -0 "$COORD" who
  assert_output --regexp "^x: .*pid $(pid_of s1) \(sh\) and 1 other for .*, weight 2, \"first\"; 1 waiting$"
}

@test "unlock --force breaks the first holder, and says whom and who is left" {
  begin_in s1 2 && begin_in s2 2
  run -0 "$COORD" unlock --force --yes x
  assert_output --regexp "^semaphore 'x' broken: it was held by .*pid $(pid_of s1) .*; it is still held by 1 more$"
  assert_equal "$(end_of s1)" 'exit 75'
  holds s2
}

@test "odd names" {
  local name
  for name in '  two  words ' $'a\n\tb' 'a/' '/a' '///' $'\xff\xfe' '*'; do
    start odd "$COORD" sem -j 2 --weight 2 "$name" -- sh -c 'printf %s "$COORD_LOCK_NAME"; exec sleep 300'
    wait_until 10 test -s odd.out
    cmp odd.out <(printf %s "$name")
    run -1 "$COORD" sem -j 2 -n "$name" -- true
    run -0 "$COORD" who "$name"
    assert_line --index 0 --regexp "^semaphore '.*' is held: 2 of 2 slots$"
    give_back odd && end_of odd && rm odd.*
    all_is_gone
  done
}

# --- many ---

crowd_member() { # weighs 1 or 2
  exec "$COORD" -q sem -j 3 --weight $(($1 % 2 + 1)) --ttl 2s x -- \
    "$BATS_TEST_DIRNAME/../lib/overlap.bash" "$PWD" 3 $(($1 % 2 + 1))
}

@test "twelve of random weights on three slots, some of whom are killed: never more than three slots are taken" {
  crowd 8 crowd_member{,,,,,,,,,,,}
  assert_never_together "$PWD"
  grep -qx 1 entered; grep -qx 2 entered
}
