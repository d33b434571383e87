# --notify: what a service manager hears of a hold, on a socket of the test's own, and from whom.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # shells that CMD starts expand what is theirs; a test is a subshell

load ../lib/etcd
load ../lib/lock
load ../lib/notify

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  manage "$BATS_TEST_TMPDIR/socket"
}

is_fed() { (($(grep -c WATCHDOG=1 "$heard") > $1)); } # is_fed TIMES: more often

teardown() {
  etcd_thaw
  lock_clean
  unmanage
}

@test "READY when it is held, STOPPING when CMD has ended, all from the process that was started" {
  start a "$COORD" lock --notify l -- true
  assert_equal "$(end_of a)" "exit 0"
  hears STOPPING
  run heard_words
  assert_output "STATUS=waiting for lock 'l'
EXTEND_TIMEOUT_USEC=30000000
READY=1|MAINPID=N|STATUS=holding lock 'l'
STOPPING=1"
  assert_equal "$(sed '1d; s/ .*//' "$heard" | sort -u)" "$(pid_of a)"
  grep -q "MAINPID=$(pid_of a)" "$heard"
}

@test "while it waits it says for whom, quietly too, and is not ready" {
  lease=$(occupy l)
  start a "$COORD" -q lock --notify l -- sleep 60
  hears "STATUS=waiting for lock 'l': .*in the way\|STATUS=waiting for lock 'l': ."
  run ! grep -q READY "$heard"
  vacate "$lease"
  hears READY=1
  send TERM a
  end_of a
  hears STOPPING=1
  assert_equal "$(err_of a)" ""
}

@test "a wait that is ended says STOPPING and never READY" {
  lease=$(occupy l)
  start a "$COORD" lock --notify l -- true
  hears 'STATUS=waiting'
  send TERM a
  assert_equal "$(end_of a)" "signal 15"
  hears STOPPING=1
  run ! grep -q READY "$heard"
}

@test "CMD has no socket of the manager's; without --notify it has" {
  run env WATCHDOG_USEC=9000000 "$COORD" lock --notify l -- env
  assert_success
  refute_output --regexp 'NOTIFY_SOCKET|WATCHDOG'
  : >"$heard"
  run "$COORD" lock l -- env
  assert_line "NOTIFY_SOCKET=$NOTIFY_SOCKET"
  assert_equal "$(<"$heard")" ""
}

@test "the watchdog is fed while it is held, and not after a loss" {
  export WATCHDOG_USEC=400000
  start a "$COORD" lock --notify --grace 1s l -- sh -c 'trap "" TERM; while :; do sleep 1; done'
  hears WATCHDOG=1
  etcdctl del --prefix l/
  hears 'STATUS=lost: '
  assert_equal "$(end_of a)" "exit 75"
  assert_equal "$(sed -n '/STOPPING=1/,$p' "$heard" | grep -c WATCHDOG)" 0
}

@test "a frozen etcd: the watchdog is fed until the hold is no longer proven good" {
  export WATCHDOG_USEC=200000
  start a "$COORD" lock --notify --ttl 3s --grace 500ms l -- sleep 60
  hears READY=1
  etcd_freeze
  assert_equal "$(end_of a 15)" "exit 75"
  etcd_thaw
  assert_equal "$(sed -n '/STOPPING=1/,$p' "$heard" | grep -c WATCHDOG)" 0
  grep -q 'STATUS=lost: ' "$heard"
}

@test "elect --requeue stays a started service when the lead is lost" {
  start a "$COORD" elect --notify --requeue e me -- sleep 60
  hears READY=1
  etcdctl del --prefix e/
  wait_until 10 eval '(($(grep -c READY=1 "$heard") == 2))'
  run ! grep -q STOPPING "$heard"
  send TERM a
  end_of a
  hears STOPPING=1
}

@test "every hold has it: rwlock, sem, elect, session, and holds without CMD" {
  "$COORD" rwlock read --notify r -- true
  "$COORD" sem --notify -j 1 s -- true
  "$COORD" elect --notify e me -- true
  "$COORD" session --notify -- true
  "$COORD" lock --notify --until-eof l </dev/null
  hears "READY=1.*lock 'l'"
  assert_equal "$(grep -c READY=1 "$heard")" 5
  assert_equal "$(grep -c STOPPING=1 "$heard")" 5
}

@test "register: READY when it is listed, and while it waits for that it says so; STOPPING before CMD is told" {
  lease=$(new_lease 600)
  etcdctl put --lease "$lease" web/a:1 other
  start a "$COORD" register --notify web a:1 -- sh -c 'env >env; exec sleep 600'
  hears "STATUS=waiting for entry 'web' a:1"
  hears EXTEND_TIMEOUT_USEC
  run ! grep -q READY "$heard"
  vacate "$lease"
  hears "READY=1|MAINPID=$(pid_of a)|STATUS=holding entry 'web' a:1"
  wait_until 20 grep -q COORD_ADDR env
  run ! grep -E 'NOTIFY_SOCKET|WATCHDOG' env
  send TERM a
  hears STOPPING=1
  assert_equal "$(end_of a 20)" "signal 15"
  assert_equal "$(sed '1d; s/ .*//' "$heard" | sort -u)" "$(pid_of a)"
}

@test "register: with a check it is ready when that is passed; the watchdog is fed also while etcd is away" {
  export WATCHDOG_USEC=400000
  start a "$COORD" register --notify --ttl 2s --every 100ms --check 'test -e well' web a:1
  hears "STATUS=the check .*: not listed"
  run ! grep -q READY "$heard"
  touch well
  hears READY=1
  etcd_freeze
  fed=$(grep -c WATCHDOG=1 "$heard") || true
  wait_until 20 is_fed "$((fed + 5))"
  etcd_thaw
  send TERM a
  assert_equal "$(end_of a 20)" "exit 0"
  hears STOPPING=1
}

@test "dequeue --follow: READY with its first item, no STOPPING between two; without CMD it is refused" {
  start a "$COORD" dequeue --notify --follow jobs -- sh -c 'cat >>done'
  hears "STATUS=waiting for an item of queue 'jobs'"
  run ! grep -q READY "$heard"
  "$COORD" enqueue jobs one two three
  wait_until 20 eval '[[ $(<done) == onetwothree ]]'
  wait_until 20 eval '[[ $(tail -n 1 "$heard") == *"STATUS=waiting for an item"* ]]'
  grep -q READY=1 "$heard"
  run ! grep -q STOPPING "$heard"
  send TERM a
  end_of a 20
  hears STOPPING=1
  run -64 "$COORD" dequeue --notify jobs
}

@test "dequeue: one item" {
  "$COORD" enqueue jobs one
  "$COORD" dequeue --notify jobs -- grep -q one
  hears STOPPING=1
  assert_equal "$(grep -c READY=1 "$heard")" 1
}

@test "dbarrier run: READY when all have come" {
  start a "$COORD" dbarrier run --notify meet --count 2 -- sleep 600
  hears "STATUS=waiting for dbarrier 'meet'"
  run ! grep -q READY "$heard"
  start b "$COORD" dbarrier run meet --count 2 -- sleep 600
  hears "READY=1.*STATUS=holding dbarrier 'meet'"
  send TERM a
  hears STOPPING=1
}

@test "an abstract socket" {
  unmanage
  manage "@coord-test-$$-$BATS_TEST_NUMBER"
  "$COORD" lock --notify l -- true
  hears STOPPING=1
}

@test "a manager that has gone, or that was never there, hinders nobody" {
  NOTIFY_SOCKET=/nowhere/socket "$COORD" lock --notify l -- true
  NOTIFY_SOCKET='' "$COORD" lock --notify l -- true
  env -u NOTIFY_SOCKET "$COORD" lock --notify l -- true
  run -78 env NOTIFY_SOCKET=relative "$COORD" lock --notify l -- true
}

@test "inside of a session it is for the session to say" {
  run -64 --separate-stderr "$COORD" session -- "$COORD" lock --notify l
  [[ $stderr == *"--notify is not for use inside of a session"* ]]
  run -64 --separate-stderr "$COORD" session -- "$COORD" register --notify web a:1
  [[ $stderr == *"--notify is not for use inside of a session"* ]]
}
