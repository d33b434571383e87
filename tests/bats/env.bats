#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord env`: a command with keys as its environment.

load ../lib/primitive
load ../lib/same.bash

# --- reading ---

@test "without CMD it prints lines for eval, whatever is in the values" {
  put app/db/host localhost
  put app/db-port.x 5432
  put app/9lives "it's"
  put app/text $'two\nlines $HOME `id`'
  put app/empty ''
  put apple 'not in it'
  put app/ 'the folder itself'
  run -0 "$COORD" env app
  assert_output "_9lives='it'\\''s'
db_host='localhost'
db_port_x='5432'
empty=''
text='two
lines \$HOME \`id\`'"
  eval "$output"
  [[ $text == $'two\nlines $HOME `id`' && $_9lives == "it's" && $db_host == localhost ]]
  run -0 "$COORD" env app/db --upper --print
  assert_output "HOST='localhost'"
  run -0 "$COORD" env app/ -w json
  assert_equal "$(jq -c '[.variables.db_host, .revision]' <<<"$output")" "[\"localhost\",$(revision)]"
}

@test "CMD gets them, over what it would inherit, and the revision" {
  put app/A 'from etcd'
  export A=inherited B=inherited
  run -0 "$COORD" env app/ -- sh -c 'echo "$A, $B, $COORD_REVISION"; exit 0'
  assert_output "from etcd, inherited, $(revision)"
  run -0 "$COORD" env app/ --once -- sh -c 'echo "$A, $B, $COORD_REVISION"'
  assert_output "from etcd, inherited, $(revision)"
  for once in '' --once; do
    run -0 "$COORD" env app/ --pristine $once -- env
    assert_output "A=from etcd"
  done
}

@test "CMD is a script that doesn't name its interpreter: a shell runs it, as lock does" {
  put app/A 1
  echo 'echo "$A, $1"' >script
  chmod +x script
  for once in '' --once; do
    run -0 "$COORD" env app/ $once -- ./script 2
    assert_output '1, 2'
  done
}

@test "--once: coord has become CMD" {
  put app/A 1
  start once "$COORD" env app/ --once -- sh -c 'echo $$; exec sleep 300'
  wait_until 10 test -s once.out
  assert_equal "$(out_of once)" "$(pid_of once)"
  send TERM once
  assert_equal "$(end_of once)" "signal 15"
}

@test "what cannot be an environment is refused by name: 65" {
  put app/a.b 1
  put app/a/b 1
  refuses 65 "'app/a.b' and 'app/a/b' would both be a_b" env app/ -- touch ran
  del app/a.b
  printf 'a\0b' | etcdctl put app/nul >/dev/null
  refuses 65 "the value of 'app/nul' holds a NUL" env app/ -- touch ran
  head -c 140000 /dev/zero | tr '\0' x | etcdctl put app/nul >/dev/null
  refuses 65 "the value of 'app/nul' is too long" env app/ -- touch ran
  [[ ! -e ran ]]
}

@test "no keys: 1, unless --allow-empty; no etcd: 69; words that make no sense: 64" {
  refuses 1 "env 'none/': there are no keys" env none
  refuses 1 "there are no keys" env none -- touch ran
  run -0 "$COORD" env none --allow-empty -- echo fine
  assert_output fine
  refuses 69 "cannot reach etcd at 127.0.0.1:1" env app --endpoints 127.0.0.1:1 -- touch ran
  refuses 69 "cannot reach etcd at 127.0.0.1:1" env app --endpoints 127.0.0.1:1
  refuses 64 "PREFIX is empty" env '' -- true
  refuses 64 "--on-change: 'dance' is none of" env app --on-change dance -- true
  refuses 64 "'NOPE' is no signal" env app --on-change signal=NOPE -- true
  refuses 64 "are about CMD" env app --pristine
  refuses 64 "no change is looked for" env app --once --debounce 1s -- true
  [[ ! -e ran ]]
}

# --- CMD's end ---

@test "CMD's end is coord's: status, signal, not found" {
  put app/A 1
  run -7 "$COORD" env app/ -- sh -c 'exit 7'
  run -137 "$COORD" env app/ -- sh -c 'kill -KILL $$'
  for once in '' --once; do
    refuses 127 no-such-command env app/ $once -- no-such-command
    refuses 126 /etc/passwd env app/ $once -- /etc/passwd
  done
}

@test "TERM goes to CMD, and coord ends as CMD does" {
  put app/A 1
  start dies "$COORD" env app/ -- sh -c 'echo up; while :; do sleep 0.05; done'
  start answers "$COORD" env app/ -- sh -c 'trap "echo told; exit 5" TERM; echo up; while :; do sleep 0.05; done'
  wait_until 10 prints dies up
  wait_until 10 prints answers up
  send TERM dies
  assert_equal "$(end_of dies 10)" "signal 15"
  send TERM answers
  assert_equal "$(end_of answers 10)" "exit 5"
  prints answers 'up told'
}

@test "a second INT kills what does not heed the first; HUP is CMD's own business" {
  put app/A 1
  start deaf "$COORD" env app/ -- sh -c 'trap "" INT; trap "echo HUP" HUP; echo $$; while :; do sleep 0.05; done'
  wait_until 10 test -s deaf.out
  child=$(head -n 1 deaf.out)
  send HUP deaf
  wait_until 10 says deaf HUP
  send INT deaf
  send INT deaf
  assert_equal "$(end_of deaf 10)" "signal 2"
  is_gone "$child"
}

@test "on a terminal CMD is in the foreground, and Ctrl-C reaches it once" {
  put app/A 1
  terminal_open
  type_line "$COORD env app/ -- bash -c 'trap \"echo told; exit 3\" INT; read -r line; echo got \$line; while :; do sleep 0.05; done'; echo status \$?"
  wait_until 10 runs_in_terminal coord
  type_line hello
  wait_until 10 screen_shows '^got hello'
  press C-c
  wait_until 10 screen_shows '^status 3'
  assert_equal "$(screen | grep -c '^.*told$')" 1
}

@test "coord is killed: CMD dies too" {
  put app/A 1
  start killed "$COORD" env app/ -- sh -c 'echo $$; exec sleep 300'
  wait_until 10 test -s killed.out
  kill -KILL "$(pid_of killed)"
  wait_until 20 is_gone "$(out_of killed)"
}

# --- changes ---

serve() { # serve NAME [OPTION...]: a CMD that stays
  start "$1" "$COORD" env app/ --debounce 200ms "${@:2}" -- \
    sh -c 'trap "echo HUP" HUP; trap "echo TERM; exit" TERM; echo "A=$A"; while :; do sleep 0.05; done'
  wait_until 10 test -s "$1.out"
}

@test "a change restarts CMD, a burst of them once" {
  put app/A 1
  serve s
  put app/A 2
  wait_until 10 prints s 'A=1 TERM A=2'
  start slow "$COORD" env app/ --debounce 2s -- sh -c 'echo "$A"; exec sleep 300'
  wait_until 10 prints slow 2
  for value in 3 4 5 6; do put app/A "$value"; done
  wait_until 20 prints slow '2 6'
}

@test "the same environment in the end restarts nothing" {
  put app/A 1
  serve s
  put app/A 1
  put app/B/ 1
  del app/B/
  put app/A 2
  wait_until 10 prints s 'A=1 TERM A=2'
}

@test "a restart waits for all that the old CMD has started, and kills what heeds no TERM" {
  put app/A 1
  start tree "$COORD" env app/ --debounce 0s --grace 300ms -- \
    sh -c 'sh -c "trap : TERM; while :; do sleep 0.05; done" & echo $! >>children; echo "$A"; wait'
  wait_until 10 test -s children
  put app/A 2
  wait_until 10 prints tree '1 2'
  is_gone "$(head -n 1 children)"
  send TERM tree # which CMD dies of; what it has left is its own
  assert_equal "$(end_of tree 10)" "signal 15"
  kill -KILL "$(tail -n 1 children)"
}

@test "--on-change signal: CMD hears, and stays; ignore: nothing" {
  put app/A 1
  serve told --on-change signal
  serve ignores --on-change ignore
  serve usr --on-change signal=TERM
  put app/A 2
  wait_until 10 prints told 'A=1 HUP'
  wait_until 10 has_ended usr
  prints usr 'A=1 TERM'
  prints ignores 'A=1'
}

@test "a change that CMD cannot be given: told, and it goes on; the next one that it can restarts it" {
  put app/A 1
  serve s
  printf 'a\0b' | etcdctl put app/B >/dev/null
  wait_until 10 says s "the value of 'app/B' holds a NUL"
  del app/B
  etcdctl del --prefix app/ >/dev/null
  wait_until 10 says s "there are no keys"
  prints s 'A=1'
  put app/A 2
  wait_until 10 prints s 'A=1 TERM A=2'
}

@test "INT or TERM during a restart: no new CMD" {
  put app/A 1
  start ending "$COORD" env app/ --debounce 0s --grace 30s -- \
    sh -c 'trap "touch asked" TERM; echo "$A"; while [ ! -e go ]; do sleep 0.05; done'
  wait_until 10 prints ending 1
  put app/A 2
  wait_until 10 test -e asked
  rm asked
  send TERM ending
  wait_until 10 test -e asked
  touch go
  end_of ending 10
  prints ending 1
}

# --- etcd goes ---

@test "etcd goes and comes again: CMD goes on, it is said once, and what has changed meanwhile restarts it" {
  put app/A 1
  serve s
  etcd_stop
  wait_until 10 says s "CMD goes on with what it has"
  etcd_spawn etcd
  etcd_ready etcd
  wait_until 20 says s "is there again"
  put app/A 2
  wait_until 20 prints s 'A=1 TERM A=2'
  assert_equal "$(grep -c 'goes on with what it has' s.err)" 1
}

@test "compacted while it was cut off: CMD gets what is there now" {
  put app/A 1
  put app/B 1
  serve s
  kill -s STOP "$(pid_of s)"
  etcd_restart
  del app/B
  put app/A 2
  etcdctl compact "$(revision)" >/dev/null
  kill -s CONT "$(pid_of s)"
  wait_until 30 prints s 'A=1 TERM A=2'
}
