#!/usr/bin/env bats
# shellcheck disable=SC2016 # what is typed is expanded by the shell in the terminal
#
# `coord lock` in an interactive shell on a real terminal (tmux's): CMD stays in the foreground, so that keys, editors,
# pagers and job control work as without coord (cli.md section 4).

load ../lib/primitive

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  terminal_open
}

status_is() { # status_is N: of the last command in the terminal
  type_line 'echo "status=$?"'
  wait_until 20 screen_shows '^status=' && screen_shows "^status=$1\$"
}

# --- Ctrl-C ---

@test "Ctrl-C reaches CMD exactly once" {
  cat >counter <<'END'
$| = 1;
my $count = 0;
$SIG{INT} = sub { $count++; alarm 1 };
$SIG{ALRM} = sub { print "\ncounted $count\n"; exit 4 };
print "up\n";
select undef, undef, undef, 1 while 1;
END
  type_line '$COORD lock x -- perl counter'
  wait_until 20 screen_shows '^up'
  press C-c
  wait_until 20 screen_shows '^counted'
  screen_shows '^counted 1$'
  status_is 4
}

@test "Ctrl-C: coord dies of INT as CMD did, and the shell's loop ends" {
  type_line 'for i in 1 2 3; do echo "run $i"; $COORD lock x -- sh -c "echo up; exec sleep 30"; done'
  wait_until 20 screen_shows '^up'
  press C-c
  status_is 130
  run screen
  refute_line 'run 2'
  is_free x
}

@test "Ctrl-C while waiting leaves the queue, and the shell's loop ends" {
  occupy x
  type_line 'for i in 1 2 3; do echo "run $i"; $COORD lock x -- true; done'
  wait_until 20 has_keys x 2
  press C-c
  status_is 130
  run screen
  refute_line 'run 2'
  has_keys x 1
}

@test "Ctrl-C twice kills a CMD that ignores it, and the lock is free" {
  type_line '$COORD lock x -- sh -c "trap \"\" INT; echo up; while :; do sleep 60; done"'
  wait_until 20 screen_shows '^up'
  press C-c
  wait_until 2 no_signal_pending "$(coord_pid)"
  press C-c
  wait_until 3 is_free x
  status_is 130
}

@test "Ctrl-C that a shell as CMD handles itself does not end it" {
  type_line '$COORD lock x -- bash --norc --noprofile -i'
  wait_until 20 has_keys x 1
  type_line 'echo $((40 + 2)) inner'
  wait_until 20 screen_shows '^42 inner'
  type_line 'clear; sleep 30'
  wait_until 20 runs_in_terminal sleep
  press C-c
  wait_until 20 screen_shows '\$ *$' # typed earlier, it might be lost with the interrupt
  type_line 'echo $((40 + 3)) still'
  wait_until 20 screen_shows '^43 still'
  has_keys x 1
  type_line 'exit 6'
  status_is 6
}

@test "Ctrl-\\ reaches CMD, and coord dies of QUIT as CMD did" {
  type_line 'ulimit -c 0; $COORD lock x -- sh -c "echo up; exec sleep 30"'
  wait_until 20 screen_shows '^up'
  press "C-\\"
  status_is 131
  is_free x
}

# --- Ctrl-Z ---

@test "Ctrl-Z stops CMD, and the shell has a stopped job that fg continues" {
  type_line '$COORD lock x -- sh -c "echo up; echo \$\$ >pid; read -r line; echo got \$line"'
  wait_until 20 screen_shows '^up'
  press C-z
  wait_until 20 screen_shows 'Stopped'
  is_stopped "$(<pid)"
  type_line fg
  wait_until 20 eval '! is_stopped "$(<pid)"'
  type_line hello
  wait_until 20 screen_shows '^got hello'
  status_is 0
}

@test "Ctrl-Z again after fg stops it again" {
  type_line '$COORD lock x -- sh -c "echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  local i
  for i in 1 2 3; do
    press C-z
    wait_until 20 is_stopped "$(<pid)"
    wait_until 20 eval "((\$(screen | grep -c Stopped) == $i))"
    type_line fg
    wait_until 20 eval '! is_stopped "$(<pid)"'
  done
  press C-c
  status_is 130
}

@test "while stopped by Ctrl-Z the lock stays held beyond its TTL" {
  type_line '$COORD lock --ttl 2s x -- sh -c "echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  press C-z
  wait_until 20 screen_shows 'Stopped'
  run "$COORD" lock --timeout 4s x -- true
  assert_equal "$status" 124
  is_stopped "$(<pid)"
}

@test "bg continues it in the background, and the lock is given back at its end" {
  type_line '$COORD lock x -- sh -c "echo up; sleep 2; echo; echo over"'
  wait_until 20 screen_shows '^up'
  press C-z
  wait_until 20 screen_shows 'Stopped'
  type_line bg
  wait_until 20 screen_shows '^over'
  wait_until 2 is_free x
}

@test "a lease that is revoked while CMD is stopped: CMD is gone before fg, and then coord exits 75" {
  type_line '$COORD lock --grace 1s x -- sh -c "echo \$COORD_LEASE >lease; echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  press C-z
  wait_until 20 screen_shows 'Stopped'
  vacate "$(<lease)"
  wait_until 3 is_gone "$(<pid)"
  type_line fg
  wait_until 20 screen_shows "^coord: lost lock 'x'"
  status_is 75
}

@test "kill %1 of the stopped job and fg end it, and the lock is free" {
  type_line '$COORD lock x -- sh -c "echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  press C-z
  wait_until 20 screen_shows 'Stopped'
  type_line 'kill %1; fg'
  wait_until 20 is_free x
  is_gone "$(<pid)"
}

@test "a lease that is revoked while CMD is stopped by Ctrl-Z: CMD can act on its TERM" {
  echo 'trap "echo told >told; exit" TERM; echo $COORD_LEASE >lease; echo $$ >pid; while :; do sleep 0.1; done' >traps
  type_line '$COORD lock x -- bash traps'
  wait_until 20 test -s pid
  press C-z
  wait_until 20 screen_shows 'Stopped'
  vacate "$(<lease)"
  wait_until 20 test -s told
  type_line fg
  status_is 75
}

@test "Ctrl-Z while waiting stops coord, and fg goes on waiting" {
  local lease
  lease=$(occupy x)
  type_line '$COORD lock x -- echo acquired'
  wait_until 20 has_keys x 2
  press C-z
  wait_until 20 screen_shows 'Stopped'
  type_line fg
  wait_until 20 eval '! is_stopped "$(coord_pid)"'
  vacate "$lease"
  wait_until 20 screen_shows '^acquired'
  status_is 0
}

# --- the terminal is CMD's ---

@test "CMD reads from the terminal and changes its modes" {
  type_line '$COORD lock x -- bash -c "stty -echo </dev/tty; echo up; read -r word </dev/tty; stty echo; echo got \$word"'
  wait_until 20 screen_shows '^up'
  type_line secret
  wait_until 20 screen_shows '^got secret'
  assert_equal "$(screen | grep -c secret)" 1
}

@test "a pager works" {
  seq 200 >numbers
  type_line '$COORD lock x -- less numbers'
  wait_until 20 screen_shows '^30$'
  press G
  wait_until 20 screen_shows '^200$'
  press q
  status_is 0
}

@test "CMD in the background that reads is stopped, and fg lets it read" {
  type_line '$COORD lock x -- sh -c "echo \$\$ >pid; read -r line; echo got \$line" &'
  wait_until 20 eval 'is_stopped "$(<pid)"'
  wait_until 20 eval 'type_line "" && screen_shows Stopped'
  type_line fg
  wait_until 20 eval '! is_stopped "$(<pid)"'
  type_line hello
  wait_until 20 screen_shows '^got hello'
}

@test "in a pipeline Ctrl-C ends all of it" {
  type_line '$COORD lock x -- sh -c "echo up; exec sleep 30" | cat'
  wait_until 20 screen_shows '^up'
  press C-c
  wait_until 20 is_free x
  status_is 130
}

@test "a terminal that hangs up ends CMD, and the lock is given back" {
  type_line '$COORD lock x -- sh -c "echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  terminal kill-server
  wait_until 3 is_gone "$(<pid)"
  wait_until 3 all_is_gone
}

@test "a terminal that hangs up while CMD is stopped ends CMD as well" {
  type_line '$COORD lock x -- sh -c "echo \$\$ >pid; exec sleep 60"'
  wait_until 20 test -s pid
  press C-z
  wait_until 20 screen_shows 'Stopped'
  terminal kill-server
  wait_until 3 is_gone "$(<pid)"
  wait_until 3 all_is_gone
}

# --- the line while waiting ---

@test "while it waits one line is kept up to date, and wiped before CMD writes" {
  start holder "$COORD" lock --note nightly x -- sleep 60
  wait_until 20 has_keys x 1
  type_line '$COORD lock x -- echo acquired'
  wait_until 20 has_keys x 2
  wait_until 2 screen_shows "^coord: waiting for lock 'x': held by "
  screen | grep '^coord: waiting' >before
  wait_until 3 eval '! screen | grep -qxFf before'
  assert_equal "$(screen | grep -c '^coord: waiting')" 1
  kill "$(pid_of holder)"
  wait_until 20 screen_shows '^acquired'
  run screen
  refute_output --partial 'waiting for'
}

@test "the line says how many are ahead" {
  occupy x
  wait_in_line second x -- true
  type_line '$COORD lock x -- true'
  wait_until 3 screen_shows "^coord: waiting for lock 'x': .*; 2 ahead of you"
}

@test "the line never wraps in a narrow terminal" {
  occupy x
  terminal resize-window -x 40 -y 20
  type_line '$COORD lock x -- true'
  wait_until 3 screen_shows '^coord: waiting'
  assert_equal "$(screen | grep -A1 '^coord: waiting' | sed 1d)" ''
}

@test "the line ends with a whole sign in a narrow terminal" {
  occupy 日本語のとても長い名前のロック
  type_line 'script -qc "stty cols 36; $COORD lock --timeout 3s 日本語のとても長い名前のロック -- true" raw >/dev/null; echo done'
  wait_until 20 screen_shows '^done'
  run -0 grep -a 'waiting for' raw
  iconv -f UTF-8 -t UTF-8 raw >/dev/null || fail "a sign is torn: $(od -c raw)"
}

@test "a dumb terminal gets lines, as a log does" {
  occupy x
  type_line 'TERM=dumb script -qc "$COORD lock --timeout 3s x -- true" raw >/dev/null; echo done'
  wait_until 20 screen_shows '^done'
  run -0 grep -ac '^coord: waiting for' raw
  run -1 grep -a $'\e' raw
}

wipes_at_ctrl_c() {
  occupy x
  type_line '$COORD lock x -- true'
  wait_until 3 screen_shows '^coord: waiting'
  press C-c
  wait_until 3 has_keys x 1
  status_is 130
  run screen
  refute_output --partial waiting
}

@test "Ctrl-C wipes the line" { wipes_at_ctrl_c; }

@test "Ctrl-C wipes the line where it is as long as the terminal is wide" {
  terminal resize-window -x 40 -y 20
  wipes_at_ctrl_c
}
