#!/usr/bin/env bash
# beating_tree.bash LOG [deaf]: a command with a child, and a grandchild that has double-forked into a session of its own. Each of
# them writes its pid to LOG.pids and then "NAME TIME" to LOG every 20 ms for as long as it lives. If deaf, none heeds TERM.
set -u
log=$1

beat() {
  echo "$BASHPID" >>"$log.pids"
  while :; do
    echo "$1 $EPOCHREALTIME" >>"$log"
    sleep 0.02
  done
}

if [[ ${2-} == deaf ]]; then
  trap '' TERM
else
  trap 'echo "told $EPOCHREALTIME" >>"$log"; exit 0' TERM
fi
export log
export -f beat
beat child &
(setsid bash -c 'beat grandchild' &)
beat command
