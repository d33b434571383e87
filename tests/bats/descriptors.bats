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

# What a test has open reaches CMD too; coord's own would be more than that.
descriptors=(sh -c 'for one in /proc/$$/fd/*; do readlink "$one"; done >part; mv part list') # but for the folder's own, which has gone

@test "CMD inherits nothing of coord's: each command that starts one" {
  local name words
  put k v
  put w/A v
  for name in want lock sem rwlock elect session wait register barrier dbarrier env; do
    case $name in
      want) words=(env) ;;
      lock) words=("$COORD" lock l --) ;;
      sem) words=("$COORD" sem -j 1 s --) ;;
      rwlock) words=("$COORD" rwlock read r --) ;;
      elect) words=("$COORD" elect e v --) ;;
      session) words=("$COORD" session --) ;;
      wait) words=("$COORD" wait k --) ;;
      register) words=("$COORD" register web a:1 --) ;;
      barrier) words=("$COORD" barrier hold b --) ;;
      dbarrier) words=("$COORD" dbarrier run d --count 1 --) ;;
      env) words=("$COORD" env w/ --once --) ;;
    esac
    start "$name" "${words[@]}" "${descriptors[@]}" 7</dev/null # somebody's own, that CMD is to have
    assert_equal "$name $(end_of "$name" 20)" "$name exit 0"
    alike "$name"
  done
}

# alike NAME: has CMD of NAME seen what it would see without coord?
alike() {
  sed "s,/$1[.],/NAME.,; s,pid:\[[0-9]*\],pid," list | grep -v /part | sort -u >seen
  rm list
  [[ $1 != want ]] || mv seen want.list
  [[ $1 == want ]] || diff want.list seen
}

@test "CMD inherits nothing of coord's where it is run for events" {
  local name words
  put w/A v
  "$COORD" enqueue jobs one two
  for name in want watch observe subscribe dequeue discover env; do
    case $name in
      want) words=(env) ;;
      watch) words=("$COORD" watch w/ --prefix --rev 1 --) ;;
      observe) words=("$COORD" observe e --) ;;
      subscribe) words=("$COORD" subscribe t --from beginning --) ;;
      dequeue) words=("$COORD" dequeue --follow jobs --) ;;
      discover) words=("$COORD" discover web --) ;;
      env) words=("$COORD" env w/ --) ;;
    esac
    start "$name" "${words[@]}" "${descriptors[@]}"
    [[ $name != observe ]] || start leader "$COORD" elect e v
    [[ $name != subscribe ]] || "$COORD" publish t message
    [[ $name != discover ]] || put web/a:1 '{"Addr":"a:1"}'
    wait_until 20 test -s list
    has_ended "$name" || send TERM "$name" || true # it has ended meanwhile
    end_of "$name" 20
    sed -i '/memfd/d; /^\/dev\/null$/d; /deleted/d' list # stdin is the event
    alike "$name"
  done
}
