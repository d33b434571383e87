# `coord barrier`: a gate that is closed while its key exists.
# shellcheck disable=SC2016,SC2154 # shells that CMD starts expand what is theirs; $stderr is run's

load ../lib/primitive

setup() { name=gate-$BATS_TEST_NUMBER; }

is_held() { "$COORD" barrier status -- "$1"; }
is_open() { ! is_held "$1"; }
is_held_now() { [[ $(keys_count "$1") == 1 ]]; }

# waits NAME LABEL [OPTION...]: a coord in the background waits at it, and has said so.
waits() {
  start "$2" "$COORD" barrier wait "${@:3}" -- "$1"
  wait_until 10 says "$2" 'waiting for barrier'
}

@test "hold closes it for good, status says by whom, release opens it" {
  run -0 "$COORD" barrier hold --note 'schema 7' "$name"
  assert_output "barrier '$name' is closed now"
  run -0 "$COORD" barrier status "$name"
  assert_line --index 0 --regexp "^barrier '$name' is held by .*@.* pid [0-9]+ \(coord\) for .*, \"schema 7\"$"
  assert_line --index 1 --regexp '^  since revision [0-9]+, until released$'
  run -0 "$COORD" barrier release "$name"
  assert_output "barrier '$name' is open now"
  run -1 "$COORD" barrier status "$name"
  assert_output "barrier '$name' is open"
  all_is_gone
}

@test "who of a barrier's, a double barrier's or a queue's name shows what they show" {
  "$COORD" barrier hold gate --note mine
  run -0 "$COORD" who gate
  assert_line --index 0 --regexp "^barrier 'gate' is held by .* \"mine\"$"
  start one "$COORD" -q dbarrier run --count 2 meet
  wait_until 10 has_keys meet/waiters 1
  run -0 "$COORD" who meet
  assert_line --index 0 "dbarrier 'meet': 1 of 2 is here, not ready"
  "$COORD" enqueue jobs a
  run -0 "$COORD" who jobs
  assert_output --regexp "^1\. 'a', key jobs/"
  "$COORD" enqueue urgent --priority 3 b
  run -0 "$COORD" who urgent
  assert_output --regexp "^1\. 'b', key urgent/00003/"
  "$COORD" put plain x
  run -1 "$COORD" who plain
  assert_output "lock 'plain' is free"
}

@test "in json: status, release, wait" {
  "$COORD" barrier hold --note n "$name" >/dev/null
  assert_equal "$("$COORD" barrier status --json "$name" | jq -c '[.name, .held, .note, has("revision")]')" \
    "[\"$name\",true,\"n\",true]"
  assert_equal "$("$COORD" barrier release --json "$name" | jq -r .name)" "$name"
  assert_equal "$("$COORD" barrier status --json "$name" | jq -c '[.name, .held]')" "[\"$name\",false]"
  (($("$COORD" barrier wait --json "$name" | jq .revision) > 1))
}

@test "held already: exit 1, who holds it; -E changes that" {
  "$COORD" barrier hold "$name"
  run -1 "$COORD" barrier hold "$name"
  assert_output --regexp "^coord: barrier '$name' is held: held by .* pid "
  run -9 "$COORD" barrier hold -E 9 "$name"
  assert_equal "$(keys_count "$name")" 1
}

@test "release of an open barrier: exit 1" {
  run -1 "$COORD" barrier release "$name"
  assert_output "coord: barrier '$name' is not held"
}

@test "wait passes at once where it is open, and silently" {
  run -0 "$COORD" barrier wait "$name"
  assert_output ''
}

@test "a waiter says whom it waits for, and goes on when it is released" {
  "$COORD" barrier hold "$name"
  waits "$name" waiter
  says waiter "held by .* pid "
  run ! has_ended waiter
  "$COORD" barrier release "$name"
  assert_equal "$(end_of waiter)" 'exit 0'
}

@test "many waiters go on at one release" {
  "$COORD" barrier hold "$name"
  for i in 1 2 3 4; do waits "$name" "w$i"; done
  "$COORD" barrier release "$name"
  for i in 1 2 3 4; do assert_equal "$(end_of "w$i" 10)" 'exit 0'; done
}

@test "--nonblock and --timeout 0: exit 1 while it is held; --timeout: exit 124; -E replaces both" {
  "$COORD" barrier hold "$name"
  run -1 "$COORD" barrier wait --nonblock "$name"
  assert_output --regexp "^coord: barrier '$name' is held: held by "
  run -1 "$COORD" barrier wait --timeout 0 "$name"
  run -124 "$COORD" barrier wait --timeout 300ms "$name"
  assert_output --regexp "^coord: barrier '$name': timed out: held by "
  run -7 "$COORD" barrier wait --timeout 300ms -E 7 "$name"
  run -7 "$COORD" barrier wait -n -E 7 "$name"
  for status in 256 -1 x ''; do run -64 "$COORD" barrier wait -n -E "$status" "$name"; done
}

@test "INT and TERM end a wait as they end any command" {
  "$COORD" barrier hold "$name"
  waits "$name" one
  send INT one
  assert_equal "$(end_of one)" "signal 2"
  waits "$name" two
  send TERM two
  assert_equal "$(end_of two)" "signal 15"
}

@test "hold -- CMD holds while CMD runs, with its exit status" {
  run -5 "$COORD" barrier hold "$name" -- sh -c '"$0" barrier status "$COORD_BARRIER_NAME" >&2 && exit 5' "$COORD"
  assert_line --partial "is held by"
  all_is_gone
}

@test "hold --session stays until a signal, and opens then" {
  start holder "$COORD" barrier hold --session "$name"
  wait_until 10 is_held "$name"
  waits "$name" waiter
  send TERM holder
  assert_equal "$(end_of holder)" 'exit 0'
  assert_equal "$(end_of waiter)" 'exit 0'
  all_is_gone
}

@test "hold --session: both processes of the holder are killed: it opens when the lease ends" {
  start holder "$COORD" barrier hold --session --ttl 2s "$name"
  wait_until 10 is_held "$name"
  waits "$name" waiter
  crash holder
  assert_equal "$(end_of waiter 20)" 'exit 0'
}

@test "somebody releases a barrier that is held with a session: CMD is stopped, exit 75" {
  start holder "$COORD" barrier hold "$name" -- sleep 300
  wait_until 10 is_held "$name"
  "$COORD" barrier release "$name"
  assert_equal "$(end_of holder 10)" 'exit 75'
  says holder "lost barrier '$name'"
}

@test "hold --timeout waits until it is free" {
  "$COORD" barrier hold "$name"
  run -124 "$COORD" barrier hold --timeout 300ms "$name"
  start next "$COORD" barrier hold --timeout 60s --session "$name"
  wait_until 10 says next 'waiting for barrier'
  "$COORD" barrier release "$name"
  wait_until 10 is_held "$name"
  send TERM next
  assert_equal "$(end_of next)" 'exit 0'
}

@test "options of a session without one, an empty name: exit 64" {
  run -64 "$COORD" barrier hold --ttl 5s "$name"
  run -64 "$COORD" barrier hold --until-eof "$name"
  for verb in hold wait release status; do run -64 "$COORD" barrier "$verb" ''; done
  run -64 "$COORD" barrier wait
  assert_equal "$(keys_count "$name")" 0
}

@test "a compaction while waiting is no end, and no release" {
  "$COORD" barrier hold "$name"
  waits "$name" waiter
  for i in 1 2 3; do
    etcdctl put other "$i"
    etcdctl compact "$(revision)"
  done
  run ! has_ended waiter
  "$COORD" barrier release "$name"
  assert_equal "$(end_of waiter)" 'exit 0'
}

@test "etcd restarts while waiting: the wait goes on" {
  "$COORD" barrier hold "$name"
  waits "$name" waiter
  etcd_restart
  run ! has_ended waiter
  "$COORD" barrier release "$name"
  assert_equal "$(end_of waiter 30)" 'exit 0'
}

@test "it opens while etcd is away from the waiter, and the revisions are compacted: the waiter goes on" {
  "$COORD" barrier hold "$name"
  waits "$name" waiter
  kill -STOP "$(pid_of waiter)"
  "$COORD" barrier release "$name"
  etcdctl put other 1
  etcdctl compact "$(revision)"
  kill -CONT "$(pid_of waiter)"
  assert_equal "$(end_of waiter 30)" 'exit 0'
}

@test "odd names are keys like any other, and no name is a prefix of another" {
  for odd in 'two words' 'slash/' '/' $'new\nline' $'\xff\xfe' 'ready'; do
    "$COORD" barrier hold "$odd"
    is_held_now "$odd" || fail "no key of ${odd@Q}"
    run -1 "$COORD" barrier wait -n -- "$odd"
    run -0 "$COORD" barrier wait -n -- "${odd}2"
    "$COORD" barrier release -- "$odd"
    is_open "$odd"
  done
}

@test "etcd cannot be reached: 69 without waiting, 124 with a limit" {
  ports_take nobody
  run -69 "$COORD" --endpoints "127.0.0.1:$nobody" barrier release "$name"
  run -69 "$COORD" --endpoints "127.0.0.1:$nobody" barrier wait -n "$name"
  run -124 "$COORD" --endpoints "127.0.0.1:$nobody" barrier wait --timeout 1s "$name"
}
