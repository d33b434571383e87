#!/usr/bin/env bats
# shellcheck disable=SC2016 # expanded by the shell that coord runs
#
# Signals to `coord lock` where there is no terminal (cli.md section 4): under cron, systemd, in a pipeline of CI.

load ../lib/primitive

setup_file() {
  nobody_there
  etcd_start
  # A command with a grandchild in its group. Each writes down the signals that it gets; TERM after them ends both with 3,
  # the command a little later than it could.
  export LISTENER=$BATS_FILE_TMPDIR/listener
  cat >"$LISTENER" <<'END'
#!/usr/bin/perl
$| = 1;
my $who = fork ? "child" : "grandchild";
for my $name (qw(INT HUP QUIT USR1 USR2 WINCH)) {
  $SIG{$name} = sub { print "$who $name\n" } unless ($SIG{$name} // "") eq "IGNORE";
}
$SIG{TERM} = sub { print "$who TERM\n"; select undef, undef, undef, $who eq "child" ? 0.5 : 0; print "$who done\n"; exit 3 };
print "$who ready\n";
select undef, undef, undef, 1 while 1;
END
  chmod +x "$LISTENER"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  ulimit -c 0
}

teardown() {
  etcd_thaw
  lock_clean
}

# run_listener: coord, holding x, with both listeners ready.
run_listener() {
  start coord "$COORD" lock x -- "$LISTENER"
  wait_until 20 says coord '^child ready'
  wait_until 20 says coord '^grandchild ready'
}

# --- while it waits ---

@test "TERM, INT, HUP and QUIT while waiting: it leaves the queue within 2 s and dies of that signal" {
  local signal begin
  occupy x
  for signal in TERM INT HUP QUIT; do
    wait_in_line "w$signal" x -- touch started
    begin=$(milliseconds)
    send "$signal" "w$signal"
    assert_equal "$(end_of "w$signal")" "signal $(kill -l "$signal")"
    took_less_than 2000 "$begin"
    has_keys x 1
    assert_equal "$(leases_count)" 1
    assert [ ! -e started ]
  done
}

@test "a signal while it waits for the second of two locks gives back the first" {
  occupy b
  start w "$COORD" lock a b -- touch started
  wait_until 20 has_keys b 2
  send TERM w
  assert_equal "$(end_of w)" 'signal 15'
  is_free a; has_keys b 1
}

@test "USR1 while waiting prints one line that says where it stands, even with -q, and it goes on waiting" {
  start holder "$COORD" lock x -- sleep 60
  wait_until 20 has_keys x 1
  start w "$COORD" -q lock x -- echo acquired
  wait_until 20 has_keys x 2
  send USR1 w
  wait_until 2 says w "^coord: waiting for lock 'x'.*$(pid_of holder)"
  assert_equal "$(err_of w | wc -l)" 1
  kill "$(pid_of holder)"
  assert_equal "$(end_of w)" 'exit 0'
  assert_equal "$(out_of w)" acquired
}

@test "USR2 and WINCH while waiting change nothing" {
  local lease
  lease=$(occupy x)
  wait_in_line w x -- echo acquired
  send USR2 w
  send WINCH w
  wait_until 2 no_signal_pending "$(pid_of w)"
  has_keys x 2
  vacate "$lease"
  assert_equal "$(end_of w)" 'exit 0'
}

@test "waiting for more than a second is said in one line, however long it takes" {
  start holder "$COORD" lock x -- sleep 60
  wait_until 20 has_keys x 1
  wait_in_line w x --timeout 4s -- true
  wait_until 2 says w "^coord: waiting for lock 'x': held by .*sleep"
  assert_equal "$(end_of w)" 'exit 124'
  assert_equal "$(err_of w | grep -c waiting)" 1
}

@test "INT just before the lock becomes free never starts CMD" {
  local i lease
  for i in {1..10}; do
    lease=$(occupy x)
    wait_in_line "w$i" x -- touch started
    send INT "w$i"
    vacate "$lease"
    assert_equal "$(end_of "w$i")" 'signal 2'
  done
  assert [ ! -e started ]
  wait_until 2 all_is_gone
}

@test "INT just after the lock became free starts CMD not at all, or ends it" {
  local i lease
  for i in {1..10}; do
    lease=$(occupy x)
    wait_in_line "w$i" x -- sleep 60
    vacate "$lease"
    send INT "w$i"
    assert_equal "$(end_of "w$i")" 'signal 2'
    wait_until 2 all_is_gone
  done
}

# --- while CMD runs ---

@test "each signal reaches CMD and its grandchild, and coord goes on" {
  local signal
  run_listener
  for signal in INT HUP QUIT USR1 USR2 WINCH; do
    send "$signal" coord
    wait_until 2 says coord "^child $signal"; wait_until 2 says coord "^grandchild $signal"
  done
  has_keys x 1
  assert [ "$(out_of coord | grep -c '^child [A-Z]')" = 6 ] # each once
}

@test "after TERM it waits for CMD, gives the lock back and exits as CMD did" {
  run_listener
  send TERM coord
  assert_equal "$(end_of coord)" 'exit 3'
  says coord 'grandchild TERM'; says coord '^child done'
  is_free x
  assert_equal "$(leases_count)" 0
}

@test "the lock is held for as long as CMD takes to end after TERM" {
  start coord "$COORD" lock x -- sh -c 'trap "echo told; until [ -e go ]; do sleep 0.05; done; exit 3" TERM
    echo up; while :; do sleep 0.05; done'
  wait_until 20 says coord up
  send TERM coord
  wait_until 20 says coord told
  run -1 "$COORD" lock -n x -- true
  touch go
  assert_equal "$(end_of coord)" 'exit 3'
}

@test "CMD that dies of the signal which coord got: coord dies of it too" {
  local signal
  for signal in TERM INT HUP QUIT USR1; do
    start "c$signal" "$COORD" lock x -- sh -c 'echo up; exec sleep 60'
    wait_until 20 says "c$signal" up
    send "$signal" "c$signal"
    assert_equal "$(end_of "c$signal")" "signal $(kill -l "$signal")"
    is_free x
  done
}

@test "a second INT while CMD ignores them kills CMD's whole tree, and the lock is free" {
  local begin
  start coord "$COORD" lock x -- bash -c 'trap "" INT TERM; sleep 60 & setsid sleep 61 & echo "$$ $!"; wait; wait'
  wait_until 20 says coord '^[0-9]'
  send INT coord
  wait_until 2 no_signal_pending "$(pid_of coord)"
  begin=$(milliseconds)
  send INT coord
  assert_equal "$(end_of coord)" 'signal 2'
  took_less_than 2000 "$begin"
  for pid in $(out_of coord); do is_gone "$pid"; done
  is_free x
  assert_equal "$(leases_count)" 0
}

@test "TSTP stops CMD's group, the lock stays held beyond the TTL, CONT continues it" {
  start coord "$COORD" lock --ttl 2s x -- bash -c 'sleep 60 & echo "$! $$"; wait'
  wait_until 20 says coord '^[0-9]'
  read -r grandchild command <"$BATS_TEST_TMPDIR/coord.out"
  send TSTP coord
  wait_until 2 is_stopped "$command"; wait_until 2 is_stopped "$grandchild"
  run "$COORD" lock --timeout 4s x -- true
  assert_equal "$status" 124
  kill -s CONT "$(pid_of coord)"
  wait_until 2 eval "! is_stopped $command && ! is_stopped $grandchild"
  send TERM coord
  assert_equal "$(end_of coord)" 'signal 15'
}

@test "TSTP while waiting stops coord; CONT, and it still gets the lock in its turn" {
  local lease
  lease=$(occupy x)
  wait_in_line w x --ttl 2s -- echo acquired
  send TSTP w
  wait_until 2 is_stopped "$(pid_of w)"
  vacate "$lease"
  run "$COORD" lock --timeout 3s x -- true # it may be passed by, or hold: it must not start CMD now
  refute says w acquired
  kill -s CONT "$(pid_of w)"
  assert_equal "$(end_of w 10)" 'exit 0'
  says w acquired
}

# --- what it inherited ---

@test "HUP that nohup ignores stays ignored, here and in CMD" {
  start coord nohup "$COORD" lock x -- "$LISTENER"
  wait_until 20 says coord '^child ready'
  send HUP coord
  send USR1 coord
  wait_until 2 says coord '^child USR1'
  refute says coord HUP
  local command
  command=$(pgrep -f "^/usr/bin/perl $LISTENER" -s "$(pid_of coord)" | head -1)
  assert [ $((0x$(sed -n 's/^SigIgn:\s*//p' "/proc/$command/status") & 1)) = 1 ]
}

@test "CMD starts with the signals blocked and ignored that coord was started with" {
  start coord "$COORD" lock x -- grep -E '^Sig(Blk|Ign)' /proc/self/status
  start bare grep -E '^Sig(Blk|Ign)' /proc/self/status
  assert_equal "$(end_of bare) $(end_of coord)" 'exit 0 exit 0'
  assert_equal "$(out_of coord)" "$(out_of bare)"
}

@test "a pipeline inside CMD ends quietly when its reader has gone" {
  run "$COORD" lock x -- sh -c 'yes | head -1; seq 1000000 | head -1'
  assert_equal "$output" $'y\n1'
}

@test "one INT to the group, as from a terminal, stops a shell loop" {
  start loop bash -c 'for i in 1 2 3; do echo "run $i"; "$COORD" lock x -- sh -c "echo up; exec sleep 30"; done; echo survived'
  wait_until 20 says loop up
  kill -s INT -- "-$(pid_of loop)"
  assert_equal "$(end_of loop)" 'signal 2'
  assert_equal "$(out_of loop)" $'run 1\nup'
  is_free x
}

@test "one INT to the group while coord waits stops a shell loop" {
  occupy x
  start loop bash -c 'for i in 1 2 3; do "$COORD" lock x -- true; done; echo survived'
  wait_until 20 has_keys x 2
  kill -s INT -- "-$(pid_of loop)"
  assert_equal "$(end_of loop)" 'signal 2'
  refute says loop survived
  has_keys x 1
}

# --- while etcd is away ---

@test "INT while nothing listens ends it at once" {
  local begin
  COORD_ENDPOINTS=$NOBODY start w "$COORD" lock x -- true
  wait_until 20 says w 'waiting for'
  begin=$(milliseconds)
  send INT w
  assert_equal "$(end_of w)" 'signal 2'
  took_less_than 1500 "$begin"
}

@test "INT while etcd accepts connections but does not answer ends it at once" {
  local begin
  etcd_freeze
  start w "$COORD" lock x -- true
  wait_until 20 says w 'waiting for'
  begin=$(milliseconds)
  send INT w
  assert_equal "$(end_of w)" 'signal 2'
  took_less_than 1500 "$begin"
}

@test "one INT in the queue of an etcd that fell silent: it gives up soon, and says when its lease ends" {
  occupy x
  wait_in_line w x --ttl 4s -- true
  etcd_freeze
  send INT w
  assert_equal "$(end_of w 5)" 'signal 2'
  assert_regex "$(err_of w)" 'coord: .*ends by itself.*[0-9]+ ?s'
}

@test "a second INT in the queue of an etcd that fell silent: it exits at once, and says when its lease ends" {
  local begin
  occupy x
  wait_in_line w x --ttl 8s -- true
  etcd_freeze
  send INT w
  wait_until 2 no_signal_pending "$(pid_of w)"
  begin=$(milliseconds)
  send INT w
  assert_equal "$(end_of w)" 'signal 2'
  took_less_than 1500 "$begin"
  etcd_thaw
  assert_regex "$(err_of w)" 'coord: .*ends by itself.*[0-9]+ ?s'
  wait_until 20 has_keys x 1
}

@test "TERM while CMD runs and etcd is silent ends CMD and coord, and says when the lease ends" {
  start coord "$COORD" lock --ttl 5s x -- sh -c 'echo up; exec sleep 60'
  wait_until 20 says coord up
  etcd_freeze
  send TERM coord
  assert_equal "$(end_of coord 5)" 'signal 15'
  assert_regex "$(err_of coord)" "could not give back lock 'x'.*ends by itself"
}
