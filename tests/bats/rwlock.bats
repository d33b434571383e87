#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by the shell that coord runs; a test is a subshell
#
# `coord rwlock read|write`: readers together, writers alone, first come first served.

load ../lib/primitive
load ../lib/crowd

# --- helpers ---

# begin LABEL read|write [OPTION...]: on x; says "in" when its CMD runs, and returns when its key stands.
begin() {
  local before
  before=$(keys_count x/)
  start "$1" "$COORD" rwlock "$2" --ttl 30s "${@:3}" x -- sh -c 'echo in; exec sleep 300'
  wait_until 10 has_keys x $((before + 1))
}
holds() { grep -q '^in$' "$BATS_TEST_TMPDIR/$1.out"; }
give_back() { kill -TERM "$(pid_of "$1")"; }
put_again() { etcdctl put --lease "$(etcdctl lease list | tail -1)" "$1" again; } # put_again KEY: on the only lease

# --- who may be in together ---

@test "readers are in together; a writer waits for all of them, and readers who come later wait for the writer" {
  begin r1 read && wait_until 10 holds r1
  begin r2 read && wait_until 10 holds r2
  begin w write
  begin r3 read
  wait_until 10 says w "^coord: waiting for rwlock 'x': held for reading by .* and 1 other"
  wait_until 10 says r3 "^coord: waiting for rwlock 'x': wanted for writing by .*$(pid_of w)"
  give_back r2
  wait_until 10 has_keys x 3
  run ! holds w
  give_back r1
  wait_until 10 holds w
  run ! holds r3
  give_back w
  wait_until 10 holds r3
}

@test "a writer that gives up lets the readers behind it in, beside those before it" {
  begin r1 read && wait_until 10 holds r1
  begin w write
  begin r2 read
  give_back w
  wait_until 10 holds r2
  assert_equal "$(end_of w)" 'signal 15'
  holds r1
}

@test "writers take turns in their order" {
  begin w1 write && wait_until 10 holds w1
  begin w2 write
  begin w3 write
  give_back w1
  wait_until 10 holds w2
  run ! holds w3
  give_back w2
  wait_until 10 holds w3
}

@test "a lock of the same name excludes readers and writers, and they exclude it" {
  local lease
  lease=$(occupy x)
  for access in read write; do run -1 "$COORD" rwlock "$access" -n x -- true; done
  vacate "$lease"
  for access in read write; do
    begin "$access" "$access" && wait_until 10 holds "$access"
    run -1 "$COORD" lock -n x -- true
    assert_output --regexp "^coord: lock 'x' is busy: held for ${access%e}ing by .*\b$(pid_of "$access")\b"
    give_back "$access" && wait_until 10 is_free x
  done
}

# --- what it exits with, what CMD finds ---

@test "CMD's exit status is coord's, and its environment is that of a lock" {
  for access in read write; do
    run -7 --separate-stderr "$COORD" rwlock "$access" x -- sh -c 'echo $COORD_NAME $COORD_LOCK_NAME $COORD_LOCK_KEY $COORD_LOCK_REV
      echo $COORD_NAME $COORD_NAME $ETCD_LOCK_KEY $ETCD_LOCK_REV; etcdctl get --prefix --keys-only x/; exit 7'
    assert_equal "${lines[0]}" "${lines[1]}"
    [[ ${lines[0]} == "x x ${lines[2]} "[1-9]* ]]
    [[ ${lines[2]} =~ ^x/$access/[0-9]{19}$ ]]
    is_free x
  done
}

@test "the token grows from holder to holder" {
  local last=0 token i
  for i in write read read write; do
    token=$("$COORD" rwlock "$i" x -- sh -c 'echo $COORD_LOCK_REV')
    ((token > last))
    last=$token
  done
}

@test "without CMD it prints its key, and holds until TERM" {
  start holder "$COORD" rwlock write x
  wait_until 10 says holder '^x/write/'
  has_keys x 1
  give_back holder
  assert_equal "$(end_of holder)" 'exit 0'
  all_is_gone
}

@test "busy with --nonblock: 1, or what -E says; who is in the way is named; no trace is left" {
  begin r read && wait_until 10 holds r
  local before
  before=$(revision)
  run -1 "$COORD" rwlock write --nonblock x -- touch ran
  assert_line --regexp "^coord: rwlock 'x' is busy: held for reading by .*\b$(pid_of r)\b"
  assert_equal "$(grep -c ^hint: <<<"$output")" 1
  run -42 "$COORD" rwlock write --timeout 0 -E 42 x -- touch ran
  (($(keys_count x/) == 1 && $(revision) == before)); [[ ! -e ran ]]
  run -0 "$COORD" rwlock read --nonblock x -- true
}

@test "--timeout runs out: 124, and nothing is left in the line" {
  begin w write && wait_until 10 holds w
  run -124 "$COORD" rwlock read --timeout 500ms x -- touch ran
  assert_output --regexp "^coord: rwlock 'x': timed out: held for writing by"
  has_keys x 1; [[ ! -e ran ]]
}

@test "a usage error: 64" {
  for words in "read" "write" "reed x -- true" "x -- true" "read '' -- true" "read x y -- true" "read x true" "read x --" \
    "write --grace 20s x -- true" "write --ttl 0 x -- true"; do
    eval "set -- $words"
    run "$COORD" rwlock "$@"
    echo "# rwlock $words: $status $output"
    assert_equal "$status" 64
  done
}

@test "etcd can't be reached: 69 at once with --nonblock, 124 at the end of --timeout" {
  local nobody
  ports_take nobody
  run -69 "$COORD" --endpoints "127.0.0.1:$nobody" rwlock read -n x -- true
  run -124 "$COORD" --endpoints "127.0.0.1:$nobody" rwlock read --timeout 2s x -- true
  assert_output --partial "127.0.0.1:$nobody"
}

# --- loss ---

@test "the lease is revoked under CMD: it is stopped, 75" {
  begin r read && wait_until 10 holds r
  etcdctl lease revoke "$(etcdctl lease list | tail -1)"
  assert_equal "$(end_of r)" 'exit 75'
  says r "^coord: lost rwlock 'x'"
}

@test "the key is put again under CMD, which takes its place in the eyes of Go programs: 75" {
  begin w write && wait_until 10 holds w
  put_again "$(etcdctl get --prefix --keys-only x/ | head -1)"
  assert_equal "$(end_of w)" 'exit 75'
  says w 'was overwritten; sh was stopped'
}

@test "both processes of a writer are killed: a reader gets in when their lease has ended" {
  start w "$COORD" rwlock write --ttl 3s x -- sleep 300
  wait_until 10 has_keys x 1
  begin r read
  local w
  w=$(pid_of w)
  crash_pid "$w"
  wait_until 20 holds r
}

@test "etcd is killed and comes back while readers and writers wait: the order stays" {
  begin w1 write && wait_until 10 holds w1
  begin r read
  begin w2 write
  etcd_kill
  etcd_spawn etcd && etcd_ready etcd
  run ! holds r
  give_back w1
  wait_until 30 holds r
  run ! holds w2
  give_back r
  wait_until 30 holds w2
}

# --- looking and breaking ---

@test "who tells readers from writers, and those who hold from those who wait, in their order" {
  begin r1 read --note first && begin r2 read && begin w write && begin r3 read
  wait_until 10 holds r2
  run -0 "$COORD" who x
  assert_line --index 0 "rwlock 'x' is held for reading by 2"
  assert_line --index 1 --regexp "^  .*pid $(pid_of r1) \(sh\) for .*, reading, \"first\", key x/read/.*, lease .* left$"
  assert_line --index 2 --regexp "^  .*pid $(pid_of r2) "
  assert_line --index 3 'waiting: 2'
  assert_line --index 4 --regexp "^  1\. .*pid $(pid_of w) .*, to write, key x/write/"
  assert_line --index 5 --regexp "^  2\. .*pid $(pid_of r3) .*, to read, key x/read/"
  run -0 --separate-stderr "$COORD" who x --json
  assert_equal "$(jq -c '[.kind, .held, .holder.pid, [.holders[].pid], [.waiters[].pid], [.waiters[].access]]' <<<"$output")" \
    "[\"rwlock\",true,$(pid_of r1),[$(pid_of r1),$(pid_of r2)],[$(pid_of w),$(pid_of r3)],[\"write\",\"read\"]]"
  run -0 --separate-stderr "$COORD" who x -w fields
  assert_equal "$(awk '$1 == "\"Pid\"" { print $3 }' <<<"$output" | paste -sd ' ')" \
    "$(pid_of r1) $(pid_of r2) $(pid_of w) $(pid_of r3)"
  run -0 "$COORD" who
  assert_output --regexp "^x: .*pid $(pid_of r1) \(sh\) and 1 other for .*, reading, \"first\"; 2 waiting$"
}

@test "unlock --force breaks the first holder, and says whom and who is left" {
  begin r1 read && begin r2 read && begin w write
  wait_until 10 holds r2
  run -0 "$COORD" unlock --force --yes x
  assert_output --regexp "^rwlock 'x' broken: it was held for reading by .*pid $(pid_of r1) .*; it is still held by 1 more$"
  assert_equal "$(end_of r1)" 'exit 75'
  run -0 "$COORD" unlock --force --yes x
  assert_output --regexp "pid $(pid_of r2) \(sh\)$"
  wait_until 10 holds w
}

@test "odd names" {
  local name
  for name in '  two  words ' $'a\n\tb' 'a/' '/a' '///' $'\xff\xfe' 'x/read' 'x/write/1795265815260196801' '*'; do
    start odd "$COORD" rwlock write "$name" -- sh -c 'printf %s "$COORD_LOCK_NAME"; exec sleep 300'
    wait_until 10 test -s odd.out
    cmp odd.out <(printf %s "$name")
    run -1 "$COORD" rwlock read -n "$name" -- true
    run -0 "$COORD" who "$name"
    assert_line --index 0 --regexp "^rwlock '.*' is held for writing by 1$"
    give_back odd && end_of odd && rm odd.*
    all_is_gone
  done
}

@test "in a namespace readers and writers exclude each other, and scripts of etcdctl get the whole key" {
  export COORD_NAMESPACE=team/
  start r "$COORD" rwlock read x -- sh -c 'echo "$ETCD_LOCK_KEY"; exec sleep 300'
  wait_until 10 says r ^team/x/read/
  assert_equal "$(out_of r)" "$(etcdctl get --prefix --keys-only team/ | head -1)"
  run -1 "$COORD" rwlock write -n x -- true
  run -0 "$COORD" rwlock read -n x -- true
  COORD_NAMESPACE='' run -1 "$COORD" rwlock write -n team/x -- true
}

# --- many ---

crowd_reader() { exec "$COORD" -q rwlock read --ttl 2s x -- "$BATS_TEST_DIRNAME/../lib/overlap.bash" "$PWD" 1000 1; }
crowd_writer() { exec "$COORD" -q rwlock write --ttl 2s x -- "$BATS_TEST_DIRNAME/../lib/overlap.bash" "$PWD" 1000 1000; }
crowd_either() { if (($1 % 2)); then crowd_reader; else crowd_writer; fi; }

@test "twelve who read and write at random, some of whom are killed: a writer is always alone" {
  crowd 8 crowd_reader{,,,,} crowd_writer{,,} crowd_either{,,,}
  assert_never_together "$PWD"
  grep -qx 1 entered; grep -qx 1000 entered
}
