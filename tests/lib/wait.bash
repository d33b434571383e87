# shellcheck shell=bash
# Waiting for conditions, never for a while; and telling whether a process lives.

# wait_until SECONDS COMMAND [ARGUMENT...]: until COMMAND succeeds, looking every 50 ms. Fails, and says so, after SECONDS, a
# whole number; PATIENCE times as long where that is set, for a build that is slow. What COMMAND prints goes nowhere.
wait_until() {
  local seconds=$(($1 * ${PATIENCE:-1})) end
  end=$((${EPOCHREALTIME/[.,]/} + seconds * 1000000)) || return 2
  shift
  until "$@" >/dev/null 2>&1; do
    if ((${EPOCHREALTIME/[.,]/} > end)); then
      echo "wait_until: not within ${seconds} s: $*" >&2
      return 1
    fi
    sleep 0.05
  done
}

milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
in_seconds() { echo $((${EPOCHREALTIME/[.,]/} + $1 * 1000000)); } # in_seconds N: that moment, in microseconds
past() { ((${EPOCHREALTIME/[.,]/} > $1)); } # past MICROSECONDS

# A zombie that its parent has not collected is dead.
is_alive() { # is_alive PID
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  stat=${stat##*) }
  [[ ${stat:0:1} != [ZX] ]]
}

is_gone() { ! is_alive "$1"; }

# end_process PID [SIGNAL]: sends it (TERM), and KILL when that has not helped within 5 s. Returns when the process is gone.
end_process() {
  is_alive "$1" || return 0
  kill -s "${2:-TERM}" "$1" 2>/dev/null || true
  kill -s CONT "$1" 2>/dev/null || true # it may be stopped
  wait_until 5 is_gone "$1" 2>/dev/null && return
  echo "end_process: $1 ignored ${2:-TERM}" >&2
  kill -s KILL "$1" 2>/dev/null || true
  wait_until 5 is_gone "$1"
}

end_all() { # end_all SIGNAL [PID...]: all get it before the first is waited for
  local pid
  (($# == 1)) || kill -s "$1" "${@:2}" 2>/dev/null || true
  for pid in "${@:2}"; do end_process "$pid" "$1"; done
}

# Processes that tests of this file started and that still run, one a line. They are known by what they inherited.
processes_left() {
  local environ pid
  while read -r environ; do
    pid=${environ//[!0-9]/}
    is_gone "$pid" || ps -o pid=,ppid=,stat=,args= -p "$pid"
  done < <(grep -lzxF "TESTED_BY=$BATS_FILE_TMPDIR" /proc/[0-9]*/environ 2>/dev/null)
}
is_nobody_left() { [[ -z $(processes_left) ]]; }
