#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr and stderr_lines
# coord local: the lasting etcd of a user, and the throw-away one.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

teardown_file() { etcd_teardown; }

setup() {
  export HOME=$BATS_TEST_TMPDIR XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run TMPDIR=$BATS_TEST_TMPDIR/tmp
  unset XDG_STATE_HOME
  mkdir -m 700 "$XDG_RUNTIME_DIR" "$TMPDIR"
  runtime=$XDG_RUNTIME_DIR/coord/local
  state=$HOME/.local/state/coord/local
  endpoint=unix://$runtime/client.sock
}

teardown() {
  local pid
  terminal_close
  end_started
  for pid in $(etcds); do end_process "$pid" KILL; done
}

# Every etcd whose working directory is below this test's folder.
etcds() {
  local pid
  for pid in $(pgrep -x etcd); do
    [[ $(readlink "/proc/$pid/cwd") != "$BATS_TEST_TMPDIR"/* ]] || is_gone "$pid" || echo "$pid"
  done
}
count_is() { (($(etcds | wc -l) == $1)); } # count_is N: so many of them run
no_scratch() { [[ -z $(ls -A "$TMPDIR") ]]; }

# --- start, status, stop ---

@test "local: starts, says where it is, and stops" {
  run -1 --separate-stderr "$COORD" local status
  [[ $output == 'etcd does not run' && -z $stderr ]]
  run -0 --separate-stderr "$COORD" local start
  [[ $output == "$endpoint" && -z $stderr ]]
  run -0 --separate-stderr "$COORD" local status
  [[ ${lines[0]} == "endpoint: $endpoint" && ${lines[1]} == "pid: $(etcds)" && ${lines[2]} == 'version: 3.'* ]]
  [[ $("$COORD" local status -w json | jq '.running, .pid, .db_size > 0') == $'true\n'$(etcds)$'\ntrue' ]]
  run -0 "$COORD" local stop
  count_is 0
  [[ -z $(ls -A "$runtime") ]]
  [[ $("$COORD" local status -w json) == '{"running":false}' ]]
  refuses 1 'local stop: etcd does not run' local stop
}

@test "local: other commands find it by themselves, and so does etcdctl at its endpoint" {
  "$COORD" local start
  "$COORD" put k v
  [[ $("$COORD" get k --print-value-only) == v && $(etcdctl --endpoints "$endpoint" get k --print-value-only) == v ]]
  "$COORD" local stop
}

@test "local: --cluster asks it where it was found, for it advertises no address" {
  "$COORD" local start >/dev/null
  run -0 "$COORD" endpoint health --cluster
  assert_line --partial "$endpoint is healthy"
  run -0 "$COORD" endpoint status --cluster -w json
  assert_equal "$(jq -r 'map(.Endpoint) | join(" ")' <<<"$output")" "$endpoint"
  run -0 "$COORD" endpoint hashkv --cluster
  assert_output --regexp "^$endpoint, [0-9]+"
  run -0 "$COORD" defrag --cluster
  assert_output "Finished defragmenting etcd member[$endpoint]"
  "$COORD" local stop
}

@test "local: what was stored is still there after a stop and a start" {
  "$COORD" local start
  "$COORD" put k v
  "$COORD" local stop
  "$COORD" local start
  [[ $("$COORD" get k --print-value-only) == v ]]
}

@test "local: starting it twice is no error, and it stays the same one" {
  local first
  "$COORD" local start
  first=$(etcds)
  run -0 --separate-stderr "$COORD" local start
  [[ $output == "$endpoint" && $stderr == *"etcd runs already (pid $first)" && $(etcds) == "$first" ]]
}

@test "local: several that start it at once get one and the same" {
  local i
  for i in 1 2 3 4; do start "s$i" "$COORD" local start; done
  for i in 1 2 3 4; do [[ $(end_of "s$i" 20) == 'exit 0' && $(out_of "s$i") == "$endpoint" ]]; done
  count_is 1
}

@test "local: etcd has a session, files and folders of its own" {
  local pid
  exec 7<"$BATS_TEST_FILENAME"
  ETCD_CONFIG_FILE=/nonexistent ETCD_NAME=x COORD_PASSWORD=secret "$COORD" local start
  exec 7<&-
  pid=$(etcds)
  [[ $(ps -o sid=,tty= -p "$pid" | xargs) == "$pid ?" ]]
  [[ $(readlink "/proc/$pid/fd/0") == /dev/null && $(readlink "/proc/$pid/fd/2") == "$state/etcd.log" ]]
  [[ -z $(find "/proc/$pid/fd" -lname "$BATS_TEST_FILENAME") ]]
  (($(grep -cz -e ^ETCD_ -e ^COORD_ "/proc/$pid/environ") == 0))
  [[ $(stat -c %a "$runtime" "$runtime/.." "$state" | xargs) == '700 700 700' ]]
}

@test "local: an etcd that was killed is started again, over what it left" {
  "$COORD" local start
  "$COORD" put k v
  end_process "$(etcds)" KILL
  run -1 "$COORD" local status
  "$COORD" local start
  [[ $("$COORD" get k --print-value-only) == v ]]
}

@test "local: a stranger who has the pid now is neither taken for it nor killed" {
  "$COORD" local start
  "$COORD" local stop
  start stranger sleep 1000
  echo "$(pid_of stranger) 1 $(</proc/sys/kernel/random/boot_id)" >"$state/etcd.pid"
  run -1 "$COORD" local status
  refuses 1 'etcd does not run' local stop
  is_alive "$(pid_of stranger)"
}

@test "local: an etcd that is stopped by a signal is told from a running one, and ended" {
  "$COORD" local start
  kill -s STOP "$(etcds)"
  refuses 69 'runs, but does not answer' local status --command-timeout 1s
  refuses 69 'runs, but does not answer' local start
  "$COORD" local stop
  count_is 0
}

@test "local: an etcd whose socket has gone, as after a logout, can be ended and started again" {
  "$COORD" local start
  rm -r "$XDG_RUNTIME_DIR/coord"
  refuses 69 "runs, but does not answer at $endpoint" local start
  "$COORD" local stop
  "$COORD" local start
  count_is 1
}

@test "local: why etcd did not start is said in its own words" {
  mkdir -p "$state"
  echo not-a-folder >"$state/data"
  refuses 69 'local start: etcd has ended: ' local start
  [[ $stderr == *'not a directory'*"hint: its log is $state/etcd.log" ]]
  count_is 0
}

@test "local: without etcd in PATH it says so" {
  run -69 --separate-stderr env PATH=/nonexistent "$COORD" local start
  [[ $stderr == 'coord: local start: etcd is not installed: '*$'\nhint: install etcd-server' ]]
  run -69 env PATH=/nonexistent "$COORD" local run -- true
  no_scratch
}

@test "local: a path that is too long for a socket is refused" {
  local long
  long=$BATS_TEST_TMPDIR/$(printf 'x%.0s' {1..80})
  XDG_RUNTIME_DIR=$long refuses 78 'the path of the socket' local start
  TMPDIR=$long refuses 78 'the path of the socket' local run -- true
}

@test "local: a runtime folder that is a link is refused" {
  mkdir -p "$BATS_TEST_TMPDIR/elsewhere" "$XDG_RUNTIME_DIR/coord"
  ln -s "$BATS_TEST_TMPDIR/elsewhere" "$runtime"
  refuses 71 'cannot use the folder' local start
}

@test "local: a folder that others could enter is closed to them" {
  mkdir -p "$runtime"
  chmod 755 "$runtime"
  "$COORD" local start
  [[ $(stat -c %a "$runtime") == 700 ]]
}

@test "local: works without HOME and XDG variables, as under cron" {
  run --separate-stderr env -i PATH="$PATH" "$COORD" local status # of whoever runs the tests: 0 or 1
  [[ $status == [01] && -z $stderr ]]
}

# --- run ---

@test "local run: CMD finds an empty etcd, and has stdin, stdout and stderr for itself" {
  export COORD_CACERT=/nonexistent ETCDCTL_USER=root:x COORD_SESSION=1
  run -0 --separate-stderr "$COORD" local run -- sh -c '
    '"$COORD"' put from coord && etcdctl get from && env | grep -E "^(COORD|ETCDCTL)_" | sort && cat' <<<input
  [[ -z $stderr && ${lines[0]} == OK && ${lines[1]} == from && ${lines[2]} == coord ]]
  [[ ${lines[3]} == COORD_ENDPOINTS=unix://$TMPDIR/coord-run.*/client.sock && ${lines[4]} == ETCDCTL_API=3 ]]
  [[ ${lines[5]} == "ETCDCTL_ENDPOINTS=${lines[3]#*=}" && ${lines[6]} == input && ${#lines[@]} == 7 ]]
  count_is 0
  no_scratch
}

@test "local run: ends as CMD does, and leaves nothing" {
  run -0 "$COORD" local run -- true
  run -7 "$COORD" local run -- sh -c 'exit 7'
  run -137 "$COORD" local run -- sh -c 'kill -KILL $$'
  refuses 127 "cannot run '/nonexistent'" local run -- /nonexistent
  refuses 126 "cannot run '/'" local run -- /
  count_is 0
  no_scratch
}

@test "local run: passes signals on to CMD, and leaves nothing" {
  local signal
  for signal in INT TERM HUP QUIT; do
    start "$signal" "$COORD" local run -- sh -c 'echo ready; sleep 1000'
    wait_until 10 says "$signal" ready
    send "$signal" "$signal"
    [[ $(end_of "$signal") == "signal $(kill -l "$signal")" ]]
  done
  start heeded "$COORD" local run -- sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
  wait_until 10 says heeded ready
  send TERM heeded
  [[ $(end_of heeded) == 'exit 5' ]]
  count_is 0
  no_scratch
}

@test "local run: on a terminal, Ctrl-Z stops it with CMD, and Ctrl-C ends both" {
  terminal_open
  type_line "$COORD local run -- sleep 1000"
  wait_until 10 pgrep -x sleep --session "$(terminal display-message -p '#{pane_pid}')"
  press C-z
  wait_until 20 screen_shows 'Stopped'
  type_line fg
  wait_until 20 screen_shows '^.*local run -- sleep 1000$'
  press C-c
  wait_until 20 count_is 0
  wait_until 20 no_scratch
}

@test "local run: without CMD it prints the endpoint and stays until a signal" {
  start bare "$COORD" local run
  wait_until 10 says bare '^unix://'
  [[ $(etcdctl --endpoints "$(out_of bare)" put k v) == OK ]]
  send TERM bare
  [[ $(end_of bare) == 'signal 15' && -z $(err_of bare) ]]
  count_is 0
  no_scratch
}

@test "local run: a signal while etcd is starting ends it, and leaves nothing" {
  start early "$COORD" local run
  wait_until 10 count_is 1
  send INT early
  [[ $(end_of early) == 'signal 2' ]]
  count_is 0
  no_scratch
}

@test "local run: when coord is killed, etcd and CMD go too, and the next one clears up" {
  start killed "$COORD" local run -- sleep 1000
  wait_until 10 pgrep -P "$(pid_of killed)" -x sleep
  local command
  command=$(pgrep -P "$(pid_of killed)" -x sleep)
  kill -s KILL "$(pid_of killed)"
  wait_until 20 count_is 0
  wait_until 20 is_gone "$command"
  "$COORD" local run -- true
  no_scratch
}

@test "local run: leaves another one's folder alone" {
  start other "$COORD" local run
  wait_until 10 says other '^unix://'
  "$COORD" local run -- true
  [[ $(etcdctl --endpoints "$(out_of other)" put k v) == OK ]]
  send TERM other
  [[ $(end_of other) == 'signal 15' ]]
}

@test "local run: says so when its etcd dies, and lets CMD go on" {
  mkfifo "$BATS_TEST_TMPDIR/input"
  START_INPUT=$BATS_TEST_TMPDIR/input start alone "$COORD" local run -- sh -c 'echo ready; read -r line; exit 4' &
  exec 8>"$BATS_TEST_TMPDIR/input"
  wait_until 10 says alone ready
  end_process "$(etcds)" KILL
  wait_until 20 says alone 'etcd has ended'
  echo go on >&8
  exec 8>&-
  [[ $(end_of alone) == 'exit 4' ]]
}
