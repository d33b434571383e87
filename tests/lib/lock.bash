# shellcheck shell=bash
# What the tests of `coord lock` share: coord in the background, locks that somebody else holds, and a real terminal.
# Load it after etcd.bash, and call lock_clean in teardown.

# start NAME COMMAND [ARGUMENT...]: as a daemon would, in a session of its own: no terminal, no signal ignored (a shell's
# background job ignores INT and QUIT). See pid_of, out_of, err_of; end_of says how it ended, "exit N" or "signal N".
start() {
  local path=$BATS_TEST_TMPDIR/$1
  perl -MPOSIX=setsid -e '
    my $path = shift;
    my $pid = fork // die;
    if (!$pid) { setsid; $SIG{$_} = "DEFAULT" for qw(INT QUIT HUP); exec { $ARGV[0] } @ARGV; exit 127 }
    sub note { open my $file, ">", "$path.$_[0]"; print $file $_[1], "\n" }
    note("pid", $pid);
    waitpid $pid, 0;
    note("end", $? & 127 ? "signal " . ($? & 127) : "exit " . ($? >> 8))
  ' "$path" "${@:2}" <"${START_INPUT:-/dev/null}" >"$path.out" 2>"$path.err" 3>&- &
  wait_until 5 test -s "$path.pid"
}

pid_of() { cat "$BATS_TEST_TMPDIR/$1.pid"; }
out_of() { cat "$BATS_TEST_TMPDIR/$1.out"; }
err_of() { cat "$BATS_TEST_TMPDIR/$1.err"; }
has_ended() { [[ -s $BATS_TEST_TMPDIR/$1.end ]]; }
says() { grep -q -e "$2" "$BATS_TEST_TMPDIR/$1.out" "$BATS_TEST_TMPDIR/$1.err"; } # says NAME PATTERN
prints() { [[ $(out_of "$1" | paste -sd ' ') == "$2" ]]; } # prints NAME 'LINE LINE…': all of it

end_of() { # end_of NAME [SECONDS]: waits for it
  wait_until "${2:-5}" has_ended "$1" || return
  cat "$BATS_TEST_TMPDIR/$1.end"
}

# As when its host dies: both processes of a coord at once, or a program that is but one. The holder first: it would give back what
# it holds when it sees the other gone.
crash_pid() { # crash_pid PID
  local children
  mapfile -t children < <(pgrep -P "$1")
  kill -KILL "${children[@]}" "$1" || true # the other one may have gone at once
  wait_until 10 is_gone "$1"
}
crash() { crash_pid "$(pid_of "$1")"; } # crash NAME

# Every one of them gets it as one of its own: equal signals that nobody has taken yet would be seen as one.
send() { # send SIGNAL NAME
  wait_until 2 no_signal_pending "$(pid_of "$2")"
  kill -s "$1" "$(pid_of "$2")"
}
no_signal_pending() { ! grep -q 'Pnd:.*[1-9a-f]' "/proc/$1/status"; }

took_less_than() { # took_less_than MILLISECONDS SINCE
  local took=$(($(milliseconds) - $2))
  ((took < $1)) || fail "took $took ms, more than $1"
}

# --- locks ---

occupy() { # occupy NAME: somebody else holds it. Prints the lease, for vacate
  local lease
  lease=$(new_lease 600)
  etcdctl put --lease "$lease" "$1/$lease" '' >/dev/null
  echo "$lease"
}
vacate() { etcdctl lease revoke "$1"; }

has_keys() { (($(keys_count "$1/") == $2)); } # has_keys NAME N: holder and waiters of it are N
is_free() { has_keys "$1" 0; }
all_is_gone() { (($(keys_count '') == 0 && $(leases_count) == 0)); }
is_stopped() { [[ $(ps -o stat= -p "$1") == T* ]]; }

wait_in_line() { # wait_in_line NAME LOCK [ARGUMENT...]: starts coord, behind whoever occupies LOCK already
  start "$1" "$COORD" lock "${@:2}"
  wait_until 5 has_keys "$2" 2
}

end_started() { # what start() started
  local file
  for file in "$BATS_TEST_TMPDIR"/*.pid; do
    [[ ! -f $file ]] || has_ended "$(basename "$file" .pid)" || end_process "$(<"$file")" KILL
  done
}

# Ends what start() started, the terminal, and all that they and the test have left in etcd.
lock_clean() {
  local lease
  terminal_close
  end_started
  for lease in $(etcdctl lease list | sed 1d); do etcdctl lease revoke "$lease"; done
  etcdctl del --prefix ''
} >/dev/null 2>&1

# --- a terminal, with an interactive shell in it ---

terminal() { tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@" 3>&-; }

terminal_open() {
  terminal new-session -d -x 100 -y 40 'PS1="\$ " exec bash --noprofile --norc -i'
  wait_until 5 screen_shows '^\$'
}

terminal_close() {
  local shell left
  [[ -S $BATS_TEST_TMPDIR/tmux ]] || return 0
  shell=$(terminal display-message -p '#{pane_pid}')
  left=$(ps -o pid= --sid "${shell:-0}") || true
  terminal kill-server || true
  for pid in $left; do end_process "$pid" KILL; done
}

type_line() { terminal send-keys -l "$1" && terminal send-keys Enter; }
press() { terminal send-keys "$1"; }
screen() { terminal capture-pane -p; }
screen_shows() { screen | grep -q -e "$1"; }

# The newest coord that the shell in the terminal has started: its guardian, which is the shell's child.
coord_pid() { pgrep -n -P "$(terminal display-message -p '#{pane_pid}')" coord; }
runs_in_terminal() { pgrep -x -s "$(terminal display-message -p '#{pane_pid}')" "$1"; }
