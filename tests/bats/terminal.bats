#!/usr/bin/env bats
# shellcheck disable=SC2016 # what is typed is expanded by the shell in the terminal
# What people see on a terminal and scripts don't: how far long work has come, and colour.

load ../lib/primitive

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  terminal_open
}

one_more() { # an item for each of them; is it told by now how many there were?
  echo item >&7 && echo item >&8 && echo item >&9
  screen_shows '^coord: enqueue: [0-9]* items'
}

@test "progress: it is told how far long work has come, and wiped in the end; not under -q, not into a file" {
  mkfifo told quiet piped
  type_line '$COORD -q publish quiet - <quiet & $COORD enqueue piped - <piped 2>said & $COORD enqueue told - <told; wait; echo "ended"'
  exec 7>told 8>quiet 9>piped
  wait_until 20 one_more
  for _ in {1..9}; do
    one_more
    run ! screen_shows 'coord: publish'
  done
  exec 7>&- 8>&- 9>&-
  wait_until 20 screen_shows '^ended'
  run ! screen_shows '^coord:'
  assert_equal "$(<said)" ""
  assert_equal "$("$COORD" queue length told)" "$("$COORD" queue length piped)"
}

coloured() { terminal capture-pane -ep | grep -q $'\e''\[.*31m.*coord:'; }
said=0
types() { # types LINE: typed on an empty screen
  ((++said))
  type_line "clear; $1; echo ended $said"
  wait_until 20 screen_shows "^ended $said"
  screen_shows '^coord: '
}

@test "colour: errors have it on a terminal, unless NO_COLOR, a dumb terminal or --color forbid it" {
  types '$COORD nosuch'
  coloured
  types 'NO_COLOR= $COORD nosuch'
  coloured
  local words
  for words in 'NO_COLOR=1 $COORD nosuch' 'TERM=dumb $COORD nosuch' '$COORD nosuch 2>&1 | cat' '$COORD --color never nosuch' \
    '$COORD --color=never get one two three' 'NO_COLOR=1 CLICOLOR_FORCE=1 $COORD nosuch'; do
    types "$words"
    run ! coloured
  done
  types 'NO_COLOR=1 $COORD --color always nosuch 2>&1 | cat'
  coloured
}
