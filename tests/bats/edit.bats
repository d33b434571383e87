#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; Bats sets stderr and stderr_lines
# coord edit: a value in an editor, and back if nobody changed it meanwhile.

load ../lib/primitive
load ../lib/same.bash

setup() { unset VISUAL; }

value_of() { "$COORD" get --print-value-only "$1" && echo end; }
editor() { # editor SCRIPT: the editor is a script of sh; "$1" is the file
  printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/editor"
  chmod +x "$BATS_TEST_TMPDIR/editor"
  export EDITOR=$BATS_TEST_TMPDIR/editor
}
drafts() { find "$XDG_RUNTIME_DIR" -name 'coord-edit.*'; }
no_drafts() { [[ -z $(drafts) ]] || fail "left behind: $(drafts)"; }
forget_drafts() { rm -rf "$XDG_RUNTIME_DIR"/coord-edit.*; }

@test "edit: writes what the editor leaves, and leaves no file behind" {
  "$COORD" put k $'one\ntwo\n'
  editor 'sed -i s/two/2/ "$1"; stat -c %a "$1" "$(dirname "$1")" >"$0.modes"'
  run -0 --separate-stderr "$COORD" edit k
  assert_equal "$output" "'k' written, at revision $(revision)"
  assert_equal "$stderr" ''
  assert_equal "$(value_of k)" $'one\n2\n\nend'
  assert_equal "$(paste -sd ' ' "$EDITOR.modes")" '600 700'
  no_drafts
}

@test "edit: unchanged is not written" {
  "$COORD" put k v
  local before
  before=$(revision)
  editor 'echo >>"$1"' # the newline that editors add
  run -0 --separate-stderr "$COORD" edit k
  assert_equal "$stderr" 'unchanged: nothing was written'
  assert_equal "$(revision)" "$before"
  no_drafts
}

@test "edit: the newline that editors add is left out where the value had none, and it says so" {
  "$COORD" put k v
  editor 'echo w >"$1"'
  run -0 --separate-stderr "$COORD" edit k
  assert_equal "$stderr" 'without the newline at the end, as it was; --keep-newline keeps it'
  assert_equal "$(value_of k)" $'w\nend'
  editor 'echo x >"$1"'
  run -0 --separate-stderr "$COORD" edit k --keep-newline
  assert_equal "$(value_of k)" $'x\n\nend'
  editor 'printf y >"$1"'
  run -0 --separate-stderr "$COORD" edit k
  assert_equal "$(value_of k)" $'y\nend'
}

@test "edit: a missing key is made only with --create" {
  editor 'echo hello >"$1"'
  refuses 1 "edit 'new': there is no such key" edit new
  run -0 "$COORD" edit new --create
  assert_equal "$(value_of new)" $'hello\nend'
  editor ':'
  run -0 --separate-stderr "$COORD" edit other --create
  assert_equal "$stderr" 'unchanged: nothing was written'
  assert_equal "$(keys_count other)" 0
}

@test "edit: an editor that fails, or is not there, writes nothing" {
  "$COORD" put k v
  local before
  before=$(revision)
  editor 'echo w >"$1"; exit 3'
  run -3 --separate-stderr "$COORD" edit k
  assert_equal "$stderr" "coord: edit 'k': the editor exited with 3, nothing was written"
  EDITOR=/nowhere refuses 127 "/nowhere" edit k
  assert_equal "$(revision)" "$before"
  no_drafts
  editor 'echo w >"$1"; kill -KILL $$'
  run -137 --separate-stderr "$COORD" edit k
  assert_equal "$(<"$(sed -n 's/^your text is in //p' <<<"$stderr")")" w
  assert_equal "$(revision)" "$before"
  forget_drafts
}

@test "edit: somebody else's change is not lost, nor is the text" {
  "$COORD" put k v
  editor 'etcdctl put k theirs >/dev/null; echo ours >"$1"'
  run -1 --separate-stderr "$COORD" edit k </dev/null
  assert_equal "${stderr_lines[1]}" \
    "coord: edit 'k': somebody changed it meanwhile, at revision $(revision): nothing was written"
  assert_equal "$(<"$(sed -n 's/^hint: your text is in //p' <<<"$stderr")")" ours
  assert_equal "$(value_of k)" $'theirs\nend'
  forget_drafts
  editor 'etcdctl del k >/dev/null; echo ours >"$1"'
  run -1 --separate-stderr "$COORD" edit k </dev/null
  [[ ${stderr_lines[1]} == *'somebody deleted it meanwhile: nothing was written' ]]
  assert_equal "$(keys_count k)" 0
  forget_drafts
}

@test "edit: etcd is gone when it is to be written: the text is kept" {
  "$COORD" put k v
  editor 'echo ours >"$1"; echo >"$0.runs"; read -r _ <"$0.go"'
  mkfifo "$EDITOR.go"
  start one "$COORD" edit k --command-timeout 1s
  wait_until 10 test -e "$EDITOR.runs"
  etcd_stop
  echo >"$EDITOR.go"
  wait_until 20 has_ended one
  etcd_spawn etcd
  etcd_ready etcd
  assert_equal "$(end_of one)" 'exit 69'
  assert_equal "$(<"$(err_of one | sed -n 's/^hint: your text is in //p')")" ours
  forget_drafts
  rm "$EDITOR.runs"
  start two "$COORD" edit k
  wait_until 10 test -e "$EDITOR.runs"
  etcd_restart
  echo >"$EDITOR.go"
  assert_equal "$(end_of two 20)" 'exit 0'
  assert_equal "$(value_of k)" $'ours\nend'
  no_drafts
}

@test "edit: the lease stays, and so do odd names" {
  local lease key
  lease=$(new_lease 600)
  "$COORD" put leased v --lease "$lease"
  editor 'echo w >"$1"'
  "$COORD" edit leased
  [[ $(etcdctl lease timetolive "$lease" --keys) == *'([leased])' ]]
  for key in 'a b' $'a\nb' 'ü' '-k' 'dir/' '../../x' '.' $'\x1b[31m'; do
    "$COORD" put -- "$key" v
    "$COORD" edit -- "$key"
    assert_equal "$("$COORD" get --print-value-only -- "$key")" w
  done
  no_drafts
}

@test "edit: a binary value is refused, with what to do instead" {
  printf 'a\0b' | "$COORD" put k
  editor 'echo w >"$1"'
  refuses 65 "edit 'k': its value is binary" edit k
  assert_equal "${stderr_lines[1]}" 'hint: pipe it through a program: coord update KEY -- FILTER'
  no_drafts
}

@test "edit: VISUAL comes before EDITOR, and both may have options and quotes" {
  "$COORD" put k v
  editor 'exit 9'
  VISUAL='sed -i s/v/w/' run -0 "$COORD" edit k
  assert_equal "$(value_of k)" $'w\nend'
  VISUAL="sed -i 's/w/x y/'" run -0 "$COORD" edit k
  assert_equal "$(value_of k)" $'x y\nend'
}

@test "edit: INT is the editor's; TERM ends both, and the text is kept" {
  "$COORD" put k v
  editor 'trap "" INT; echo ours >"$1"; echo $$ >"$0.pid"; while [ ! -e "$0.end" ]; do sleep 0.1; done'
  start one "$COORD" edit k
  wait_until 10 test -s "$EDITOR.pid"
  send INT one
  send QUIT one
  touch "$EDITOR.end"
  assert_equal "$(end_of one 10)" 'exit 0'
  assert_equal "$(value_of k)" $'ours\nend'
  rm "$EDITOR.end" "$EDITOR.pid"
  "$COORD" put k v
  start two "$COORD" edit k
  wait_until 10 test -s "$EDITOR.pid"
  send TERM two
  assert_equal "$(end_of two 10)" 'signal 15'
  wait_until 20 is_gone "$(<"$EDITOR.pid")"
  assert_equal "$(<"$(err_of two | sed -n 's/.*your text is in //p')")" ours
  assert_equal "$(value_of k)" $'v\nend'
  forget_drafts
}

@test "edit: on a terminal a conflict asks; the text goes over the new value, or stays in a file" {
  "$COORD" put k v
  editor 'if [ ! -e "$0.once" ]; then touch "$0.once"; etcdctl put k theirs >/dev/null; echo ours >"$1"; fi'
  terminal_open
  type_line "$COORD edit k; echo status=\$?"
  wait_until 20 screen_shows 'Edit your text again'
  type_line y
  wait_until 20 screen_shows '^status=0'
  assert_equal "$(value_of k)" $'ours\nend'
  no_drafts
  rm "$EDITOR.once"
  "$COORD" put k v
  type_line "clear; $COORD edit k; echo status=\$?"
  wait_until 20 screen_shows 'Edit your text again'
  type_line n
  wait_until 20 screen_shows '^status=1'
  assert_equal "$(cat "$XDG_RUNTIME_DIR"/coord-edit.*/k)" ours
  assert_equal "$(cat "$XDG_RUNTIME_DIR"/coord-edit.*/k.now)" theirs
  forget_drafts
  rm "$EDITOR.once"
  type_line "clear; $COORD edit k; echo status=\$?"
  wait_until 20 screen_shows 'Edit your text again'
  press C-c
  wait_until 20 screen_shows '^\$' # what is typed before the shell has the terminal again is lost with the interrupt
  type_line 'echo status=$?'
  wait_until 20 screen_shows '^status=130'
  forget_drafts
}

@test "edit: an editor that stops, stops us too; one that is killed leaves the terminal as it was" {
  "$COORD" put k v
  editor 'kill -STOP $$; echo ours >"$1"'
  terminal_open
  type_line "$COORD edit k"
  wait_until 20 screen_shows Stopped
  type_line fg
  wait_until 20 screen_shows "'k' written"
  editor 'stty -echo raw; kill -KILL $$'
  type_line "clear; $COORD edit k"
  wait_until 20 screen_shows 'was killed by signal 9'
  type_line 'stty -a | grep -wo -e -echo -e echo -e -icanon -e icanon | paste -sd " "'
  wait_until 20 screen_shows '^echo icanon\|^icanon echo'
  forget_drafts
}

@test "edit: bad words end with 64, no etcd with 69" {
  editor ':'
  refuses 64 'KEY is missing' edit
  refuses 64 'one word too many' edit --key-hex 61 b
  refuses 69 'cannot reach etcd' edit k --endpoints 127.0.0.1:1
}
