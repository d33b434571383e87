#!/usr/bin/env bats
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs
#
# File descriptors: a coord that is started with stdin, stdout or stderr closed, and what CMD gets of coord's own.

load ../lib/primitive

# closed REDIRECTION WORD...: starts the words with that descriptor closed.
closed() { start closed bash -c "exec \"\$@\" $1" bash "${@:2}"; }
stands_on() { [[ $(readlink "/proc/$(pid_of closed)/fd/$1") == "$2" ]]; } # stands_on NUMBER FILE
holds() { (($(keys_count "$1/") == 1)); }

@test "a closed stdin, stdout or stderr is kept by /dev/null: nothing of coord's own lands there" {
  local descriptor mark
  for descriptor in 0 1 2; do
    mark='>'
    ((descriptor)) || mark='<'
    closed "$descriptor$mark&-" "$COORD" lock x -- sleep 600
    wait_until 20 holds x
    stands_on "$descriptor" /dev/null || fail "$descriptor: $(ls -l "/proc/$(pid_of closed)/fd")"
    send TERM closed
    end_of closed 20
    rm closed.*
  done
}

@test "CMD finds them closed, as it would without coord" {
  run -0 bash -c '"$COORD" lock x -- sh -c "test ! -e /proc/self/fd/0; echo \$?" <&-'
  assert_output 0
  run -0 bash -c '"$COORD" lock x -- sh -c "test -e /proc/\$\$/fd/1 && touch wrong; :" >&-'
  run -0 bash -c '"$COORD" lock x -- sh -c "test ! -e /proc/\$\$/fd/2; echo \$?" 2>&-'
  assert_output 0
  assert [ ! -e wrong ]
}

@test "what would be read or written there fails, or is left out" {
  "$COORD" put k v
  run -0 bash -c '"$COORD" get --print-value-only k <&-'
  assert_output v
  run -0 bash -c '"$COORD" get --print-value-only k 2>&-'
  assert_output v
  run -74 bash -c '"$COORD" get k >&-'
  run ! bash -c '"$COORD" put k <&-'
  assert_output --partial 'Bad file descriptor'
  run -64 bash -c '"$COORD" get --nonsense 2>&-'
  assert_output ''
  assert_equal "$(etcdctl get --print-value-only k)" v
}
