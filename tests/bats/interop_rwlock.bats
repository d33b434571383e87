# `coord rwlock` beside RWMutex of etcd's Go recipes (tests/interop): one lock, one line. And `coord sem -j 1` beside Go's Mutex.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # interop.bash sets name and out; shells that CMD starts expand what is theirs; a test is a subshell

load ../lib/interop
load ../lib/crowd

# A Go program that waits cannot be told to stop; what is killed leaves its key until its lease ends.
teardown() { end_all KILL "${pids[@]}"; }

# --- helpers ---

# join LABEL KIND ACCESS [TTL]: enters the line, and returns when its key stands there. Sets pid; TERM makes it give back what
# it holds. KIND: go or coord, for a rwlock; mutex (Go's) or sem (of one slot), where ACCESS is "".
join() {
  local ttl=${4:-30} before go=() coord=()
  before=$(keys_count "$name/")
  case $2 in
    go) go=(rwmutex hold -ttl "$ttl" "$3" "$name") ;;
    mutex) go=(mutex hold -ttl "$ttl" "$name") ;;
    coord) coord=(rwlock "$3" --ttl "$ttl" "$name") ;;
    sem) coord=(sem -j 1 --ttl "$ttl" "$name") ;;
  esac
  if ((${#go[@]})); then
    "$INTEROP" "${go[@]}" 0<>"$out/endless" >"$out/$1" 3>&- &
  else
    "$COORD" -q "${coord[@]}" -- sh -c 'echo held; exec sleep 300' >"$out/$1" 3>&- &
  fi
  pid=$!
  pids+=("$pid")
  wait_until 10 more_keys_than "$before"
}

holds() { grep -q ^held "$out/$1"; }

# assert_handed_over FROM ACCESS TO ACCESS: TO, in line, gets nothing until FROM gives it back, and then it gets it.
assert_handed_over() {
  local holder
  join first "$1" "$2"
  holder=$pid
  wait_until 10 holds first
  join second "$3" "$4"
  run ! holds second
  kill -TERM "$holder"
  wait_until 10 holds second
}

# assert_together FROM ACCESS TO ACCESS: TO gets it too.
assert_together() {
  join first "$1" "$2"
  wait_until 10 holds first
  join second "$3" "$4"
  wait_until 10 holds second
}

# assert_outlived FROM ACCESS TO ACCESS: FROM is killed with all its processes; TO gets it when the lease has ended.
assert_outlived() {
  join first "$1" "$2" 4
  wait_until 10 holds first
  join second "$3" "$4"
  crash_pid "${pids[0]}"
  run ! holds second
  wait_until 20 holds second
}

# --- one holds, the other waits ---

@test "a Go writer holds: a coord writer waits" { assert_handed_over go write coord write; }
@test "a Go writer holds: a coord reader waits" { assert_handed_over go write coord read; }
@test "Go readers hold: a coord writer waits" { assert_handed_over go read coord write; }
@test "a coord writer holds: a Go writer waits" { assert_handed_over coord write go write; }
@test "a coord writer holds: a Go reader waits" { assert_handed_over coord write go read; }
@test "a coord reader holds: a Go writer waits" { assert_handed_over coord read go write; }
@test "a Go reader and a coord reader are in together, whoever is first" {
  assert_together go read coord read
  name+=/again
  assert_together coord read go read
}

@test "a Go reader holds, a coord writer waits: a Go reader who comes then waits behind it" {
  join first go read
  wait_until 10 holds first
  local reader=$pid writer
  join second coord write
  writer=$pid
  join third go read
  run ! holds third
  kill -TERM "$reader"
  wait_until 10 holds second
  run ! holds third
  kill -TERM "$writer"
  wait_until 10 holds third
}

@test "a coord reader holds, a Go writer waits: a coord reader who comes then waits behind it" {
  join first coord read
  wait_until 10 holds first
  local reader=$pid writer
  join second go write
  writer=$pid
  join third coord read
  run -1 "$COORD" rwlock read -n "$name" -- true
  run ! holds third
  kill -TERM "$reader"
  wait_until 10 holds second
  run ! holds third
  kill -TERM "$writer"
  wait_until 10 holds third
}

@test "a Go writer holds: coord --nonblock is refused, and leaves no key behind" {
  join first go write
  wait_until 10 holds first
  for access in read write; do run -1 "$COORD" rwlock "$access" -n "$name" -- touch "$out/ran"; done
  [[ ! -e $out/ran ]]
  assert_equal "$(keys_count "$name/")" 1
}

@test "coord gives up at its timeout: the Go reader behind it gets in" {
  join first go read
  wait_until 10 holds first
  "$COORD" -q rwlock write --timeout 2s "$name" -- true 3>&- &
  local writer=$! ended=0
  wait_until 10 more_keys_than 1
  join third go read
  wait "$writer" || ended=$?
  assert_equal "$ended" 124
  wait_until 10 holds third
}

# --- crashes ---

@test "a Go writer dies of SIGKILL: a coord reader gets in when its lease ends" { assert_outlived go write coord read; }
@test "a Go reader dies of SIGKILL: a coord writer gets in when its lease ends" { assert_outlived go read coord write; }
@test "a coord writer dies of SIGKILL: a Go reader gets in when its lease ends" { assert_outlived coord write go read; }
@test "a coord reader dies of SIGKILL: a Go writer gets in when its lease ends" { assert_outlived coord read go write; }

@test "an operator breaks the lock of a Go writer with coord unlock: it hears of it, and a coord reader gets in" {
  join first go write 3
  wait_until 10 holds first
  join second coord read
  run -0 "$COORD" unlock --force --yes "$name"
  assert_output --regexp "^rwlock '.*' broken: it was held for writing by lease [0-9a-f]+$"
  wait_until 10 holds second
  wait_until 10 is_gone "${pids[0]}"
}

# --- looking ---

@test "who tells Go's readers and writers from each other, by their leases" {
  join first go read
  wait_until 10 holds first
  join second go write
  join third coord read
  run -0 "$COORD" who "$name"
  assert_line --index 0 "rwlock '$name' is held for reading by 1"
  assert_line --index 3 --regexp '^  1\. lease [0-9a-f]+, to write, key'
  assert_line --index 4 --regexp '^  2\. .*\(sh\) for .*, to read, key'
}

# --- Go's Mutex, and a semaphore of one slot ---

@test "a Go program holds a Mutex: coord sem -j 1 waits" { assert_handed_over mutex '' sem ''; }
@test "coord sem -j 1 holds: a Go program waits for its Mutex" { assert_handed_over sem '' mutex ''; }
@test "a Go program that holds a Mutex dies of SIGKILL: coord sem -j 1 gets it when its lease ends" { assert_outlived mutex '' sem ''; }
@test "coord sem -j 1 dies of SIGKILL: a Go program gets its Mutex when the lease ends" { assert_outlived sem '' mutex ''; }

@test "a Go program holds a Mutex: coord sem -j 2 is told that it has one slot" {
  join first mutex ''
  wait_until 10 holds first
  run -65 "$COORD" sem -j 2 "$name" -- true
  assert_line "coord: semaphore '$name': it has 1 slot already, not 2"
}

@test "a Go program holds a Mutex: coord rwlock waits, for reading and for writing" {
  assert_handed_over mutex '' coord read
  name+=/again
  assert_handed_over mutex '' coord write
}

# --- many ---

coord_loop() { # coord_loop ACCESS ROUNDS WEIGHT
  local i
  for ((i = 0; i < $2; i++)); do
    "$COORD" -q rwlock "$1" "$name" -- "$BATS_TEST_DIRNAME/../lib/overlap.bash" "$out" 1000 "$3" || return
  done
}

@test "coords and Go programs read and write in turns: a writer is always alone" {
  local access pid weight
  for access in read write; do
    [[ $access == read ]] && weight=1 || weight=1000
    for _ in 1 2; do
      coord_loop "$access" 8 "$weight" 3>&- &
      pids+=("$!")
      "$INTEROP" rwmutex loop "$access" "$name" 8 "$BATS_TEST_DIRNAME/../lib/overlap.bash '$out' 1000 $weight" 3>&- &
      pids+=("$!")
    done
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_never_together "$out"
  assert_equal "$(wc -l <"$out/entered")" 64
}
