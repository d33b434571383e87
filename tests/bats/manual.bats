#!/usr/bin/env bats
# The manual: its pages are those that coord makes, mandoc and groff have nothing to say, and every example in them runs.

load ../lib/primitive

setup() {
  top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/pages"
  ln -sf "$COORD" "$BATS_TEST_TMPDIR/bin/coord"
  export PATH=$BATS_TEST_TMPDIR/bin:$PATH HOSTNAME=here
  cd "$BATS_TEST_TMPDIR" || return
}

@test "man: the committed pages are those that the program makes" {
  "$COORD" __man "$top/man/src" pages
  for page in "$top"/man/*.[157]; do [[ -f pages/${page##*/} ]] || fail "nothing makes $page"; done
  for page in pages/*; do
    run diff -u "$top/man/${page##*/}" "$page"
    [[ $status == 0 ]] || fail "$output"$'\n'"./dev man writes the pages"
  done
}

@test "man: mandoc and groff have nothing to say" {
  # References to pages that are not installed are right here: each page of ours is looked for among ours below.
  run -0 bash -c "mandoc -T lint -W style '$top'/man/*.[157] 2>/dev/null | grep -v 'referenced manual not found'; true"
  assert_output ""
  for page in "$top"/man/*.[157]; do
    run -0 bash -c "LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z '$page' 2>&1 >/dev/null"
    assert_output ""
  done
}

@test "man: every reference to a page of coord has its page" {
  run -0 bash -c "grep -ohE '(^.Xr |\\b)coord(-[a-z-]+)?( |\\()[157]' '$top'/man/*.[157] | sed 's/^.Xr //; s/[ (]/./' | sort -u"
  for page in "${lines[@]}"; do [[ -f $top/man/$page ]] || [[ -f $top/man/src/$page ]] || fail "there is no $page"; done
}

@test "man: each @NAME of a text is one that the program has" {
  run -1 bash -c "grep -hE '^@' '$top'/man/src/* | grep -vxE '@(variables|statuses|keys)'"
}

@test "help: a topic that is a command's name too tells of both" {
  run -0 "$COORD" help txn
  assert_line 'Usage: coord txn [OPTIONS]'
  assert_line COMPARISONS
  run -0 "$COORD" txn --help
  refute_line COMPARISONS
}

@test "help: long help goes through the pager on a terminal, and nowhere else" {
  export PAGER="sed s/^/paged:/" TERM=xterm
  run -0 script -qec "'$COORD' help lock" /dev/null
  assert_output --partial 'paged:Usage: coord lock'
  run -0 script -qec "'$COORD' lock --help" /dev/null
  assert_output --partial 'paged:Usage: coord lock'
  run -0 "$COORD" help lock
  refute_output --partial 'paged:'
  PAGER="cat" run -0 script -qec "'$COORD' help lock" /dev/null
  refute_output --partial 'paged:'
  TERM=dumb run -0 script -qec "'$COORD' help lock" /dev/null
  refute_output --partial 'paged:'
  PAGER=./is-not-there run -0 script -qec "'$COORD' help lock" /dev/null
  assert_output --partial 'Usage: coord lock'
}

# Programs that an example calls as ./NAME, and that read what they are given.
programs() { # programs LINE
  local name
  while read -r name; do
    printf '#!/bin/sh\ncat >/dev/null\n' >"$name" && chmod +x "$name"
  done < <(grep -oE '\./[a-z.-]+' <<<"$1")
}

# One line of a page: COMMAND ends with one of WANTED, or goes on until INT, which it gets when UNTIL succeeds. Prints what is wrong.
try_line() { # try_line COMMAND WANTED UNTIL
  local status=0
  programs "$1"
  if [[ -n $3 ]]; then
    try_until "$1" "$3"
    return
  fi
  timeout 60 bash -o pipefail -c "$1" >output 2>&1 </dev/null || status=$?
  [[ " ${2:-0} " == *" $status "* ]] || echo "$1: exit status $status, not ${2:-0}: $(<output)"
}

try_until() { # try_until COMMAND UNTIL
  rm -f "$BATS_TEST_TMPDIR/shown".*
  : >log
  start shown bash -c "exec $1 >>log 2>&1"
  wait_until 20 bash -c "$2" || echo "$1: not so after 20 s: $2: $(<log)"
  send INT shown
  end_of shown 20 >/dev/null || echo "$1: did not end at INT"
}

try_page() { # try_page FILE: prints what is wrong
  local line command='' wanted='' until=''
  mkdir "$BATS_TEST_TMPDIR/${1##*/}" && cd "$BATS_TEST_TMPDIR/${1##*/}" || return
  etcdctl del '' --from-key >/dev/null
  while IFS= read -r line <&4; do
    case $line in
      '$ '* | '% '*)
        [[ -z $command ]] || try_line "$command" "$wanted" "$until"
        command=${line:2} wanted='' until=''
        ;;
      '= '*) wanted=${line:2} ;;
      '& '*) until=${line:2} ;;
    esac
  done 4<"$1"
  [[ -z $command ]] || try_line "$command" "$wanted" "$until"
}

try_pages() { # try_pages FILE...
  local page
  for page in "$@"; do
    [[ ! -f $top/man/${page##*/} ]] || try_page "$page" | sed "s/^/${page##*/}: /"
  done >"$BATS_TEST_TMPDIR/problems"
  [[ ! -s $BATS_TEST_TMPDIR/problems ]] || fail "$(<"$BATS_TEST_TMPDIR/problems")"
}

# The example files and conditions of the pages, which are no command lines.
indented() { sed -n 's/^  //p' "$top/man/src/$1"; } # indented PAGE

@test "man: the file of coord-config(5) is one that coord reads" {
  indented coord-config.5 | sed '/^\$/,$d' >config.toml
  touch ca.pem && echo secret >deploy.password && chmod 600 deploy.password
  local settings=(env -u COORD_ENDPOINTS -u ETCDCTL_ENDPOINTS "COORD_CONFIG=$PWD/config.toml" coord)
  run -0 "${settings[@]}" config get-contexts
  assert_output --partial prod
  run -0 "${settings[@]}" config view --origin
  assert_line --partial "endpoints: https://etcd-1:2379,https://etcd-2:2379  ("
  assert_line --partial "password-file: $PWD/deploy.password"
  run -0 "${settings[@]}" --context test config view
  assert_line --partial "command-timeout: 2s"
}

@test "help: the examples of the topic of conditions mean what they say" {
  local examples line
  etcdctl put a=b 1 && etcdctl put '!a' 1 && etcdctl put a:count 3
  etcdctl put 'C:\tmp' 1 && coord put --key-hex 6e00 1
  mapfile -t examples < <(indented conditions.topic | sed -En "s/^coord wait(( '[^']*')+) .*/coord wait -n\1/p")
  assert_equal "${#examples[@]}" 3
  for line in "${examples[@]}"; do bash -c "$line" || fail "$line"; done
}

@test "man: every example of coord(1) and of the pages that are no command's runs" {
  try_pages "$top"/man/src/coord.1 "$top"/man/src/*.[57]
}
@test "man: every example of the commands from a to h runs" { try_pages "$top"/man/src/coord-[a-h]*.1; }
@test "man: every example of the commands from i to z runs" { try_pages "$top"/man/src/coord-[i-z]*.1; }
