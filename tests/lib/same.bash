# shellcheck shell=bash disable=SC2154 # Bats sets stderr and stderr_lines
# Comparing coord with etcdctl, and checking refusals.

# same_as_etcdctl WORD...: both print the same bytes and exit with 0.
same_as_etcdctl() {
  etcdctl "$@" >"$BATS_TEST_TMPDIR/etcdctl.out" || fail "etcdctl $*: exit $?"
  "$COORD" "$@" >"$BATS_TEST_TMPDIR/coord.out" || fail "coord $*: exit $?"
  diff "$BATS_TEST_TMPDIR/etcdctl.out" "$BATS_TEST_TMPDIR/coord.out" || fail "coord $*: not what etcdctl prints"
}

# refuses STATUS TEXT WORD...: coord ends with STATUS, says TEXT in one line on stderr, and prints nothing.
refuses() {
  run "-$1" --separate-stderr "$COORD" "${@:3}" </dev/null
  [[ -z $output ]] || fail "coord ${*:3}: printed $output"
  [[ ${stderr_lines[0]} == "coord: "*"$2"* ]] || fail "coord ${*:3}: said $stderr"
  ((${#stderr_lines[@]} <= 2)) || fail "coord ${*:3}: said more than two lines: $stderr"
  ((${#stderr_lines[@]} < 2)) || [[ ${stderr_lines[1]} == "hint: "* ]] || fail "coord ${*:3}: said $stderr"
}
